import { describe, expect, test } from 'vitest';
import { judgeSweep } from '../../src/bench/sweep-judge.js';
import { sweepShape } from '../../src/bench/sweep-shape.js';
import type { Claim, SweepPoint } from '../../src/bench/types.js';

const claim = (processes: number, perProcess: number): Claim => ({
  topology: 'gevent',
  processes,
  perProcess,
  slots: processes * perProcess,
  listen: 511,
});

/** An ideal server: X = min(c/S0, most), `cpuMs` of CPU a request. */
function points(concurrencies: number[], s0Ms: number, most: number, cpuMs = 0.1): SweepPoint[] {
  return concurrencies.map((concurrency) => {
    const requestsPerSecond = Math.min((concurrency / s0Ms) * 1000, most);
    return {
      concurrency,
      requestsPerSecond,
      halfWidth: null,
      meanMs: (concurrency / requestsPerSecond) * 1000,
      p99Ms: null,
      errors: {},
      busyCores: (requestsPerSecond * cpuMs) / 1000,
    };
  });
}

describe('the points', () => {
  test.each([
    [1, [1, 2]],
    [8, [1, 4, 8, 10, 16]],
    [200, [1, 4, 16, 64, 100, 200, 250, 400]],
    [2000, [1, 4, 16, 64, 256, 1000, 1024, 2000]],
  ])('%i slots', (slots, concurrencies) => {
    expect(sweepShape(slots, 10).concurrencies).toEqual(concurrencies);
  });

  test('share the time out, but give a slow path its rounds', () => {
    expect(sweepShape(8, 10, 10_000).pointMs).toBe(2_000);
    expect(sweepShape(8, 1_000, 10_000).pointMs).toBe(5_000);
    expect(sweepShape(8, 10, 100).pointMs).toBe(500);
  });
});

describe('the limit', () => {
  const at = [1, 4, 8, 10, 16];

  test('slots', () => {
    const result = judgeSweep(points(at, 100, 80), claim(2, 4), 100, 2);
    expect(result).toMatchObject({ limitedBy: 'slots', bounds: { slots: 80, measuredMax: 80 } });
    expect(result.knee).toBeCloseTo(8, 6);
    expect(result.explanation).toMatch(/80\.00 requests\/s, from about 8 clients on: the 8 slots/);
  });

  test('CPU: its bound is what the cores allow', () => {
    const result = judgeSweep(points(at, 20, 100, 19), claim(2, 4), 20, 2);
    expect(result.limitedBy).toBe('cpu');
    expect(result.bounds.cpu).toBeCloseTo(2 / 0.019, 6);
    expect(result.explanation).toMatch(/more slots cannot help/);
  });

  test('CPU: other work of the machine at one point does not decide', () => {
    const noisy = points(at, 100, 50);
    const last = noisy.at(-1);
    if (last) last.busyCores = 2;
    expect(judgeSweep(noisy, claim(2, 4), 100, 2).limitedBy).toBe('something-else');
  });

  test.each([
    [20, /hub is blocked/],
    [10, /One process serves/],
    [30, /pool of that size/],
    [40, /1 of 2 processes/],
  ])('%i requests/s where 80 are allowed: %s', (most, words) => {
    const result = judgeSweep(points(at, 100, most), claim(2, 4), 100, 2);
    expect(result.limitedBy).toBe('something-else');
    expect(result.explanation).toMatch(words);
  });

  test('not reached: cut off, or still rising', () => {
    expect(judgeSweep(points([1, 4], 100, 80), claim(2, 4), 100, 2).limitedBy).toBe('not-reached');
    expect(judgeSweep(points(at, 100, 500), claim(2, 4), 100, 2).limitedBy).toBe('not-reached');
  });
});
