import { describe, expect, test } from 'vitest';
import { meanHalfWidth } from '../../src/bench/mean-half-width.js';
import { mser5 } from '../../src/bench/mser.js';
import { runLoad } from '../../src/bench/run-load.js';
import { steadyState } from '../../src/bench/steady-state.js';
import { relativeTrend } from '../../src/bench/trend.js';
import type { LoadResult } from '../../src/bench/types.js';
import { endpointAt, loadPlan, slotServer } from './servers.js';

/** One client, one request after the other, with these latencies. */
function oneClient(latencies: number[]): LoadResult {
  let now = 0;
  const startMs = Float64Array.from(latencies, (latency) => {
    const start = now;
    now += latency;
    return start;
  });
  const n = latencies.length;
  const totalMs = Float64Array.from(latencies);
  const none = new Float64Array(n);
  return {
    plan: loadPlan(endpointAt(9), { requests: null, durationMs: now }),
    sent: n,
    ok: n,
    errors: {},
    makespanMs: now,
    requestsPerSecond: (n / now) * 1000,
    latency: null,
    connect: null,
    firstByte: null,
    statuses: {},
    health: { loopUtilization: 0, loopDelayP99Ms: 0, littleRatio: 1, problems: [], warnings: [] },
    staleKeepalive: 0,
    partial: false,
    samples: { startMs, totalMs, connectMs: none, firstByteMs: none, ok: new Uint8Array(n).fill(1) },
  };
}

describe('MSER-5', () => {
  test('cuts a slow beginning off, to the batch', () => {
    const values = Float64Array.from({ length: 200 }, (_, i) => (i < 23 ? 500 - 20 * i : 10 + (i % 3)));
    expect(mser5(values)).toEqual({ drop: 25, atLimit: false });
  });

  test('what never settles is cut as far as it may', () => {
    expect(mser5(Float64Array.from({ length: 200 }, (_, i) => i))).toMatchObject({ atLimit: true });
  });

  test.each([0, 4, 5, 9])('%i values', (length) => {
    expect(mser5(new Float64Array(length)).drop).toBe(0);
  });
});

describe('the steady part', () => {
  test('the rate after a warm-up is that of the rest', () => {
    const latencies = Array.from({ length: 300 }, (_, i) => (i < 30 ? 100 : 10 + (i % 2)));
    const steady = steadyState(oneClient(latencies));
    expect(steady).toMatchObject({
      dropped: 30,
      steady: true,
      text: expect.stringMatching(/first 30.*MSER-5/),
    });
    expect(steady.requestsPerSecond).toBeCloseTo(1000 / 10.5, 1);
    expect(steady.halfWidth).toBeLessThan(1);
    expect(steady.latency?.n).toBe(270);
  });

  test('steady from the start: nothing is left out', () => {
    const steady = steadyState(oneClient(Array.from({ length: 300 }, (_, i) => 10 + (i % 7) / 10)));
    expect(steady).toMatchObject({ dropped: 0, steady: true });
    expect(steady.requestsPerSecond).toBeCloseTo(1000 / 10.3, 0);
  });

  test('a run that has not settled says so', () => {
    const { steady, text } = steadyState(oneClient(Array.from({ length: 300 }, (_, i) => 10 + i)));
    expect(steady).toBe(false);
    expect(text).toMatch(/measure for longer/);
  });

  test('nothing was answered', () => {
    expect(steadyState(oneClient([]))).toMatchObject({ dropped: 0, halfWidth: null, latency: null });
  });

  test('the waves of a fixed service time do not distort the rate', async () => {
    const { endpoint } = await slotServer(4, 50);
    const plan = loadPlan(endpoint, { requests: null, durationMs: 1_500, concurrency: 8 });
    const steady = steadyState(await runLoad(plan));
    expect(steady.requestsPerSecond).toBeGreaterThan(60);
    expect(steady.requestsPerSecond).toBeLessThan(84);
  });
});

test('the half-width of a mean: t(0.975, 3) of four values', () => {
  expect(meanHalfWidth([9, 10, 11, 10])).toBeCloseTo((3.182 * Math.sqrt(2 / 3)) / 2, 6);
  expect(meanHalfWidth([1])).toBeNull();
});

test('a trend is the rise of a line, relative to its beginning', () => {
  expect(relativeTrend([100, 110, 120, 130, 140])).toBeCloseTo(0.4, 9);
  expect(relativeTrend([100, 100, 100, 100])).toBe(0);
  expect(relativeTrend([1, 2, 3])).toBeNull();
  expect(relativeTrend([1, 2, null, 4, 5])).toBeNull();
});
