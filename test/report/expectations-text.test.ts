import { expect, test } from 'vitest';
import type { JudgedExpectation } from '../../src/bench/threshold.js';
import { expectationsText } from '../../src/report/expectations-text.js';

const ROWS: JudgedExpectation[] = [
  { text: 'slots=200', measured: '200', ok: true },
  { text: 'rps>=5', measured: '4.97 requests/s', ok: false },
  { text: 'p99<250ms', measured: 'only 10 answers, and p99 needs 1000', ok: null },
];

test('each expectation with its word and what was measured', () => {
  expect(expectationsText(ROWS, { color: false, width: 80 })).toMatchInlineSnapshot(`
    "Expectations
      kept         slots=200  200
      broken       rps>=5     4.97 requests/s
      not decided  p99<250ms  only 10 answers, and p99 needs 1000"
  `);
  expect(expectationsText([], { color: false, width: 80 })).toBe('');
});

test('no line is longer than the terminal', () => {
  for (const width of [10, 48, 60, 200]) {
    const text = expectationsText(ROWS, { color: false, width });
    const longest = Math.max(...text.split('\n').map((line) => line.length));
    expect(longest).toBeLessThanOrEqual(Math.max(48, Math.min(width, 80)));
  }
});
