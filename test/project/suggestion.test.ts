import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closest, editDistance } from '../../src/closest.js';
import { schemaAt } from '../../src/project/schema-node.js';
import { suggestKey } from '../../src/project/suggestion.js';

test.each([
  [['server'], 'asynch', 'Did you mean "async"?'],
  [['server'], 'proceses', 'Did you mean "processes"?'],
  [['server'], 'buffer-size', 'Did you mean "buffer_size"?'],
  [['server'], 'module', '"module" belongs in [app].'],
  [[], 'async', '"async" belongs in [server].'],
  [[], 'sever', 'Did you mean "server"?'],
  [['app'], 'name', '"name" belongs at the top of the file.'],
  [['app'], 'memory', '"memory" belongs in [target.NAME].'],
  [['server'], 'workers', 'deploykit calls it "processes", in [server].'],
  [['app'], 'requst_timeout', 'Did you mean "request_timeout", in [server]?'],
  [['server'], 'http-timeout', "uWSGI's own options belong in [server.uwsgi]."],
  [['bench'], 'zzzzzzzz', 'Known here: path, requests, concurrency, expect.'],
])('%j %s: %s', (section, key, hint) => {
  expect(suggestKey(section, key)).toBe(hint);
});

const KEYS = Object.keys(schemaAt(['server'])?.properties ?? {});

test('one slip in a long key still leads to that key, or to one as near', () => {
  const long = KEYS.filter((key) => key.length >= 6);
  fc.assert(
    fc.property(
      fc.constantFrom(...long),
      fc.nat(),
      fc.constantFrom('', 'x', 'q'),
      (key, position, letter) => {
        const at = position % key.length;
        const slip = key.slice(0, at) + letter + key.slice(at + 1);
        const near = closest(slip, KEYS) ?? '';
        expect(editDistance(slip, near)).toBeLessThanOrEqual(1);
      },
    ),
  );
});

test('the edit distance is a metric', () => {
  const word = fc.string({ maxLength: 8 });
  fc.assert(
    fc.property(word, word, word, (a, b, c) => {
      expect(editDistance(a, a)).toBe(0);
      expect(editDistance(a, b) === 0).toBe(a === b);
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
      expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
    }),
  );
});

test('whatever the key, the hint is one sentence', () => {
  fc.assert(
    fc.property(fc.string(), (key) => {
      expect(suggestKey(['server'], key)).toMatch(/[.?]$/);
    }),
  );
});
