import balena from '@balena/dockerignore';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { literalPattern, secretPaths } from '../../src/plan/ignore.js';

it('names the files of secrets as the source does', () => {
  const app = { envFile: './prod.env', secretFiles: { tls: 'secrets//tls.key', api: 'api' } };
  expect(secretPaths(app)).toEqual(['prod.env', 'secrets/tls.key', 'api']);
  expect(secretPaths({ envFile: null, secretFiles: {} })).toEqual([]);
});

it('a path as a pattern matches itself and not its neighbour', () => {
  const word = fc.string({ minLength: 1, maxLength: 8, unit: fc.constantFrom(...'ab.!#*?[]{}$-_ \\') });
  const name = word.filter((text) => text.trim() === text && !/^\.+$/.test(text));
  fc.assert(
    fc.property(name, (file) => {
      const matcher = balena.default({ ignorecase: false }).add([literalPattern(file)]);
      expect(matcher.ignores(file)).toBe(true);
      expect(matcher.ignores(`${file}x`)).toBe(false);
    }),
  );
});
