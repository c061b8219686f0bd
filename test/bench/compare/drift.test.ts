import { expect, test } from 'vitest';
import { blockProblems } from '../../../src/bench/compare/block-problems.js';
import { drift } from '../../../src/bench/compare/drift.js';
import type { LoadResult } from '../../../src/bench/types.js';
import { endpointAt, loadPlan } from '../servers.js';
import { uniform } from './seeded.js';

/** A closed loop of `n` requests by `c` clients whose service time is `serviceMs(i)`. */
function closedLoop(
  n: number,
  c: number,
  serviceMs: (i: number) => number,
): Pick<LoadResult, 'plan' | 'samples'> {
  const free = new Float64Array(c);
  const startMs = new Float64Array(n);
  const totalMs = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const client = free.indexOf(Math.min(...free));
    startMs[i] = free[client] ?? 0;
    totalMs[i] = serviceMs(i);
    free[client] = (startMs[i] ?? 0) + (totalMs[i] ?? 0);
  }
  const none = new Float64Array(n);
  const samples = { startMs, totalMs, connectMs: none, firstByteMs: none, ok: new Uint8Array(n).fill(1) };
  return { plan: loadPlan(endpointAt(1), { requests: n, concurrency: c }), samples };
}

test('a server that becomes slower drifts', () => {
  expect(drift(closedLoop(2_000, 5, (i) => (i < 1_000 ? 10 : 15)))).toBeCloseTo(-1 / 3, 1);
  expect(drift(closedLoop(2_000, 5, (i) => (i < 1_000 ? 15 : 10)))).toBeCloseTo(0.5, 1);
});

test('answers in step do not, however they fall', () => {
  for (const n of [200, 201, 203, 397]) expect(drift(closedLoop(n, 5, () => 1_000))).toBeNull();
});

test('the noise of exponential service times does not, but for the odd three-sigma one', () => {
  const next = uniform(1);
  const drifted = Array.from({ length: 200 }, () => closedLoop(400, 5, () => -10 * Math.log(1 - next())));
  expect(drifted.filter((load) => drift(load) !== null).length).toBeLessThan(4);
});

test('a load of a few rounds cannot tell', () => {
  expect(drift(closedLoop(100, 5, (i) => (i < 50 ? 10 : 20)))).toBeNull();
});

test('the gate says it in words', () => {
  const load = closedLoop(2_000, 5, (i) => (i < 1_000 ? 10 : 15));
  const health = { loopUtilization: 0, loopDelayP99Ms: 0, littleRatio: 1, problems: [], warnings: [] };
  const result = { ...load, sent: 2_000, ok: 2_000, errors: {}, health } as unknown as LoadResult;
  expect(blockProblems(result)).toEqual(['its second half was 33 % slower than its first']);
  expect(blockProblems({ ...result, ok: 0, errors: { refused: 2_000 } })[1]).toBe(
    'no request was answered well',
  );
});
