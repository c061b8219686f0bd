import { expect, test } from 'vitest';
import { excerpt } from '../../src/project/excerpt.js';

test('numbers the lines around and points at the column', () => {
  expect(excerpt('one\ntwo\nthree\nfour\nfive\nsix', 4, 2)).toBe(
    ['  2 | two', '  3 | three', '> 4 | four', '    |  ^', '  5 | five', '  6 | six'].join('\n'),
  );
});

test('keeps tabs before the caret and ends at the last line', () => {
  expect(excerpt('\tx', 1, 2)).toBe('> 1 | \tx\n    | \t^');
});

test('clips long lines', () => {
  const [line = ''] = excerpt('x'.repeat(500), 1).split('\n');
  expect(line.length).toBeLessThan(110);
});
