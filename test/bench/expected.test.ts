import { describe, expect, test } from 'vitest';
import {
  abMakespanMs,
  abRequestsPerSecond,
  idealMakespanMs,
  idealRequestsPerSecond,
} from '../../src/bench/expected.js';

// The table of bench.md §1.2: requests/s at S = 1 s, "ideal/ab".
const SLOTS = [1, 2, 4, 5, 8, 5000];
const TABLE: [number, number, string[]][] = [
  [10, 5, ['1.00/1.00', '2.00/1.67', '3.33/2.50', '5.00/3.33', '5.00/3.33', '5.00/3.33']],
  [11, 5, ['1.00/1.00', '1.83/1.83', '3.67/2.75', '3.67/3.67', '3.67/3.67', '3.67/3.67']],
  [20, 5, ['1.00/1.00', '2.00/1.82', '4.00/3.33', '5.00/4.00', '5.00/4.00', '5.00/4.00']],
  [100, 5, ['1.00/1.00', '2.00/1.96', '4.00/3.85', '5.00/4.76', '5.00/4.76', '5.00/4.76']],
  [1000, 5, ['1.00/1.00', '2.00/2.00', '4.00/3.98', '5.00/4.98', '5.00/4.98', '5.00/4.98']],
];

describe.each(TABLE)('-n %i -c %i', (requests, concurrency, row) => {
  test.each(SLOTS.map((slots, i) => [slots, row[i]] as const))('C=%i', (slots, expected) => {
    const load = { requests, concurrency, slots, s0Ms: 1000 };
    expect(`${idealRequestsPerSecond(load).toFixed(2)}/${abRequestsPerSecond(load).toFixed(2)}`).toBe(
      expected,
    );
  });
});

test.each([
  ['n = 1', { requests: 1, concurrency: 1, slots: 1, s0Ms: 250 }, 250, 250],
  ['n = 1, many clients', { requests: 1, concurrency: 9, slots: 4, s0Ms: 250 }, 250, 250],
  ['c > n', { requests: 3, concurrency: 9, slots: 100, s0Ms: 250 }, 250, 500],
  ['n % c != 0', { requests: 7, concurrency: 3, slots: 100, s0Ms: 250 }, 750, 750],
  ['slots below c', { requests: 7, concurrency: 3, slots: 2, s0Ms: 250 }, 1000, 1000],
])('%s', (_, load, ideal, ab) => {
  expect(idealMakespanMs(load)).toBe(ideal);
  expect(abMakespanMs(load)).toBe(ab);
});
