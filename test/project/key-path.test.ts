import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatKeyPath, isTable, parseKeyPath } from '../../src/project/key-path.js';

test('a path survives being written and read', () => {
  const paths = fc.array(fc.string({ unit: 'grapheme', minLength: 0, maxLength: 8 }), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(paths, (path) => {
      expect(parseKeyPath(formatKeyPath(path))).toEqual(path);
    }),
  );
});

test('quotes only what TOML must have quoted', () => {
  expect(formatKeyPath(['server', 'static', '/static'])).toBe('server.static."/static"');
  expect(formatKeyPath(['app', 'env_file'])).toBe('app.env_file');
});

test('a text that is no dotted key is one key', () => {
  expect(parseKeyPath('a..b')).toEqual(['a..b']);
});

test('dates and lists are no tables', () => {
  expect([{}, Object.create(null), [], new Date(0), null, 'x'].map(isTable)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});
