import { describe, expect, test } from 'vitest';
import { isLoopback } from '../../src/bench/address.js';
import { errorCount, errorWords } from '../../src/bench/error-words.js';
import { judgeHealth } from '../../src/bench/health.js';
import { pathLimit } from '../../src/bench/path-limit.js';
import { median, summarize } from '../../src/bench/summary.js';
import { throughputShape } from '../../src/bench/throughput-shape.js';
import type { Claim, ThroughputResult } from '../../src/bench/types.js';
import { benchVerdict } from '../../src/bench/verdict.js';

const CLAIM: Claim = { topology: 'gevent', processes: 2, perProcess: 100, slots: 200, listen: 300 };
const RESULT: ThroughputResult = {
  requests: 1000,
  concurrency: 100,
  requestsPerSecond: 99,
  makespanMs: 10_000,
  ideal: 100,
  efficiency: 0.99,
  effectiveConcurrency: 99,
  busyCores: 0.2,
  reducedFrom: null,
  keepAlive: false,
  abWouldPrint: 91,
  latency: null,
  errors: {},
  errorWords: [],
  statuses: { 200: 1000 },
  health: { loopUtilization: 0.1, loopDelayP99Ms: 1, littleRatio: 1, problems: [], warnings: [] },
};

describe('generator health', () => {
  const calm = { loopUtilization: 0.1, loopDelayP99Ms: 1, littleRatio: 1, localErrors: 0 };
  test.each([
    ['at ease', {}, null, 0, 0],
    ['rather busy', { loopUtilization: 0.75 }, null, 0, 1],
    ['saturated', { loopUtilization: 0.9 }, null, 1, 0],
    ['late', { loopDelayP99Ms: 8 }, null, 0, 1],
    ['late against the service time', { loopDelayP99Ms: 60 }, 500, 1, 0],
    ['late, but not against the service time', { loopDelayP99Ms: 8 }, 500, 0, 0],
    ['idle clients', { littleRatio: 0.9 }, null, 1, 0],
    ['a wave has no Little ratio', { littleRatio: null }, null, 0, 0],
    ['local errors', { localErrors: 2 }, null, 1, 0],
  ])('%s', (_, change, s0Ms, problems, warnings) => {
    const health = judgeHealth({ ...calm, ...change }, s0Ms);
    expect([health.problems.length, health.warnings.length]).toEqual([problems, warnings]);
  });
});

describe('summary', () => {
  test('exact percentiles, and only where ten samples lie beyond', () => {
    const values = Float64Array.from({ length: 1000 }, (_, i) => 1000 - i);
    expect(summarize(values)).toEqual({
      n: 1000,
      min: 1,
      mean: 500.5,
      p50: 500,
      p90: 900,
      p99: 990,
      max: 1000,
    });
    expect(summarize(values.subarray(0, 999))).toMatchObject({ p90: 901, p99: null });
    expect(summarize(values.subarray(0, 99))).toMatchObject({ p50: 951, p90: null });
    expect(summarize(values.subarray(0, 19))).toMatchObject({ p50: null, mean: 991 });
  });

  test('NaN is no sample, and no sample is no summary', () => {
    expect(summarize(Float64Array.of(Number.NaN, 3))).toMatchObject({ n: 1, min: 3, max: 3 });
    expect(summarize(Float64Array.of(Number.NaN))).toBeNull();
  });

  test('median', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });
});

describe('size of the throughput run', () => {
  test.each([
    [
      'as asked',
      { requests: 10, concurrency: 5 },
      200,
      1000,
      { requests: 10, concurrency: 5, durationMs: null },
    ],
    ['n only', { requests: 10 }, 200, 1000, { requests: 10, concurrency: 10, durationMs: null }],
    ['a duration', { durationMs: 3000 }, 8, 1000, { requests: null, concurrency: 8, durationMs: 3000 }],
    ['slow', {}, 200, 1000, { requests: 1000, concurrency: 200, durationMs: 10_000 }],
    ['very slow', {}, 200, 8000, { requests: 400, concurrency: 200, durationMs: 20_000 }],
    ['fast', {}, 200, 1, { requests: 10_000, concurrency: 200, durationMs: 10_000 }],
    ['sync', {}, 1, 1000, { requests: 5, concurrency: 1, durationMs: 10_000 }],
    ['many slots', {}, 5000, 500, { requests: 2000, concurrency: 200, durationMs: 10_000 }],
    [
      'c only, more than the slots',
      { concurrency: 50 },
      2,
      1000,
      { requests: 100, concurrency: 50, durationMs: 10_000 },
    ],
  ])('%s', (_, asked, slots, s0Ms, shape) => {
    expect(throughputShape(asked, { slots, s0Ms })).toEqual(shape);
  });
});

describe('what limits a path', () => {
  test.each([
    ['nothing', {}, 1000, null],
    ['fast path', { efficiency: 0.1, effectiveConcurrency: 4 }, 2, 'cpu'],
    ['computation', { efficiency: 0.02, effectiveConcurrency: 2, busyCores: 1.9 }, 50, 'cpu'],
    ['a blocking driver', { efficiency: 0.02, effectiveConcurrency: 2, busyCores: 0.1 }, 50, 'blocked'],
    [
      'a blocking driver elsewhere',
      { efficiency: 0.02, effectiveConcurrency: 2, busyCores: null },
      50,
      'blocked',
    ],
    ['a pool', { efficiency: 0.1, effectiveConcurrency: 20 }, 50, 'other'],
  ])('%s', (_, change, s0Ms, kind) => {
    expect(pathLimit({ ...RESULT, ...change }, CLAIM, s0Ms)?.kind ?? null).toBe(kind);
  });
});

describe('verdict', () => {
  const evidence = {
    claim: CLAIM,
    s0Ms: 1000,
    wave: null,
    throughput: RESULT,
    noThroughput: null,
    notes: [],
    findings: [],
  };
  const saturated = {
    ...RESULT,
    health: { ...RESULT.health, problems: ['the load generator was busy 93 %'] },
  };
  test.each([
    ['good', evidence, 'PASS', /99\.00 requests\/s at 100 clients: 99 % of the 100/],
    ['saturated', { ...evidence, throughput: saturated }, 'INVALID', /^The load generator was busy/],
    [
      'one error in a thousand',
      { ...evidence, throughput: { ...RESULT, errors: { http_5xx: 1 } } },
      'PASS',
      /99 %/,
    ],
    [
      'two',
      { ...evidence, throughput: { ...RESULT, errors: { http_5xx: 2 }, errorWords: ['2 × x'] } },
      'FAIL',
      /2 of 1000 requests failed: 2 × failed in the app/,
    ],
    [
      'cut off at the deadline',
      { ...evidence, throughput: { ...RESULT, errors: { aborted_at_deadline: 9 } } },
      'PASS',
      /99 %/,
    ],
    [
      'no wave test',
      { ...evidence, wave: { result: null, why: 'No wave test: x.' } as const },
      'INCONCLUSIVE',
      /^No wave test/,
    ],
    [
      'no throughput',
      { ...evidence, throughput: null, noThroughput: 'Not measured.' },
      'INCONCLUSIVE',
      /^Not measured/,
    ],
  ])('%s', (_, given, verdict, text) => {
    const result = benchVerdict(given);
    expect(result.verdict).toBe(verdict);
    expect(result.reasons[0]).toMatch(text);
  });
});

test('errors in words, most frequent first', () => {
  const errors = { refused: 2, short_body: 1200, aborted_at_deadline: 3 };
  expect(errorWords(errors)).toEqual([
    '1,200 × body shorter than announced',
    '3 × still in flight when the run ended',
    '2 × connection refused: nothing listens there, or the listen queue is full',
  ]);
  expect(errorCount(errors)).toBe(1202);
});

test.each([
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['localhost', true],
  ['0.0.0.0', false],
  ['172.17.0.2', false],
  ['::', false],
])('loopback: %s %s', (host, loopback) => {
  expect(isLoopback(host)).toBe(loopback);
});
