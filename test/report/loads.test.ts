import { expect, test } from 'vitest';
import type { BenchResult, PathLoad, SoakPart } from '../../src/bench/types.js';
import { benchText } from '../../src/report/text.js';
import { PASSED } from './fixture.js';

const PLAIN = { color: false, width: 80 };
const HEALTH = { loopUtilization: 0.05, loopDelayP99Ms: 0.7, littleRatio: null, problems: [], warnings: [] };
const LATENCY = { n: 3_000, min: 5, mean: 45, p50: 6, p90: 207, p99: 385, max: 404 };

/** The page of a bench with another load instead of the closed loop; only the block of that load. */
function block(load: Partial<BenchResult>): string {
  const page = benchText({ ...PASSED, throughput: null, ...load }, PLAIN);
  for (const line of page.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  return page.split('\n\n').at(-2) ?? '';
}

test('open loop', () => {
  const openLoop: BenchResult['openLoop'] = {
    rate: 300,
    achieved: 299.8,
    durationMs: 10_000,
    sent: 2_998,
    dropped: 2,
    latency: LATENCY,
    service: { ...LATENCY, p99: 6.3 },
    errors: {},
    health: HEALTH,
  };
  expect(block({ openLoop })).toMatchInlineSnapshot(`
    "Open loop  300 requests/s for 10.0 s, whatever the server does
      reached     300 requests/s; 2,998 requests sent, 2 arrivals dropped
      latency     min 5.00 ms · mean 45.0 ms · p50 6.00 ms · p90 207 ms · p99 385 ms
                  · max 404 ms
      service     min 5.00 ms · mean 45.0 ms · p50 6.00 ms · p90 207 ms ·
                  p99 6.30 ms · max 404 ms
                  latency counts from the intended start, service from the actual
                  one
      generator   at ease: busy 5 %, late 0.70 ms (p99)"
  `);
});

test('sweep', () => {
  const point = (concurrency: number, requestsPerSecond: number, meanMs: number) => ({
    concurrency,
    requestsPerSecond,
    meanMs,
    halfWidth: 1,
    p99Ms: null,
    errors: {},
    busyCores: 0.1,
  });
  const sweep: BenchResult['sweep'] = {
    points: [point(1, 24.5, 40.8), point(8, 195, 41), point(16, 196, 81.6)],
    bounds: { slots: 200, cpu: null, measuredMax: 196 },
    knee: 7.84,
    limitedBy: 'slots',
    explanation: 'The slots are the limit.',
  };
  expect(block({ sweep })).toMatchInlineSnapshot(`
    "Sweep  requests/s and mean latency over concurrency
       1  ███████                                                      24.5  40.8 ms
       8  ███████████████████████████████████████████████████████████   195  41.0 ms
      16  ███████████████████████████████████████████████████████████   196  81.6 ms
      bounds      slots 200 · measured 196 requests/s
      knee        7.84 clients: more of them only wait"
  `);
});

test('interference', () => {
  const load = (requestsPerSecond: number): PathLoad => ({ requestsPerSecond, latency: LATENCY, errors: {} });
  const interference: BenchResult['interference'] = {
    path: '/light',
    withPath: '/heavy',
    concurrency: { path: 8, withPath: 4 },
    alone: load(1_311),
    together: { ...load(138), latency: null },
    other: load(70),
    ratio: 0.105,
    health: HEALTH,
    explanation: '/heavy starves it.',
  };
  expect(block({ interference })).toMatchInlineSnapshot(`
    "Interference  /light (8 clients) while /heavy is loaded (4)
      alone       1,311 requests/s · p50 6.00 ms · p99 385 ms
      together    138 requests/s: 11 % of the rate
      the other   70.0 requests/s · p50 6.00 ms · p99 385 ms
      generator   at ease: busy 5 %, late 0.70 ms (p99)"
  `);
});

test('soak', () => {
  const parts: SoakPart[] = Array.from({ length: 10 }, (_, i) => ({
    atMs: i * 6_000,
    requestsPerSecond: 100,
    meanMs: 20 + 4 * i,
    p99Ms: null,
    memory: (40 + i) * 1024 ** 2,
    errors: {},
  }));
  const soak: BenchResult['soak'] = {
    durationMs: 60_000,
    rate: null,
    concurrency: 8,
    parts,
    latencyTrend: 1.8,
    memoryTrend: 0.2,
    health: HEALTH,
    explanation: 'It grows.',
  };
  expect(block({ soak })).toMatchInlineSnapshot(`
    "Soak  8 clients for 60.0 s in 10 parts
      rate        ██████████ 100/s → 100/s
      mean        ▄▄▅▅▆▆▇▇██ 20.0 ms → 56.0 ms
      memory      ▇▇▇▇▇▇████ 40.0 MiB → 49.0 MiB
      generator   at ease: busy 5 %, late 0.70 ms (p99)"
  `);
});

test('warm-up and the interval of a run by duration', () => {
  const { throughput } = PASSED;
  if (throughput === null) throw new Error('the fixture has a throughput');
  const steady = {
    dropped: 30,
    steady: true,
    requestsPerSecond: 4.97,
    halfWidth: 0.12,
    latency: null,
    text: 'the first 30 answers left out (MSER-5)',
  };
  const page = benchText({ ...PASSED, throughput: { ...throughput, steady } }, PLAIN);
  expect(page).toContain('measured    4.97 ± 0.12 (95 %) requests/s');
  expect(page).toContain('warm-up     the first 30 answers left out (MSER-5)');
});

test('a bench that was interrupted', () => {
  const page = benchText({ ...PASSED, partial: true, verdict: 'INCONCLUSIVE' }, PLAIN);
  expect(page).toMatch(/^PARTIAL {2}200 requests/);
});
