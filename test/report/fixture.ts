import type { BenchResult, WaveRun } from '../../src/bench/types.js';

const RUN: WaveRun = {
  sent: 220,
  waves: [200, 20],
  errors: {},
  maxConnectMs: 8,
  connectedInTime: 220,
  makespanMs: 1_004,
  verdict: 'PASS',
  invalid: [],
};

/** The tutorial's deployment with 2 × 100 greenlets, as measured on a good day. */
export const PASSED: BenchResult = {
  schemaVersion: 1,
  endpoint: {
    host: '127.0.0.1',
    port: 8000,
    hostHeader: 'localhost',
    route: { kind: 'direct', note: 'Straight to uWSGI on this machine: nothing stands between.' },
    url: 'http://127.0.0.1:8000',
  },
  claim: { topology: 'gevent', processes: 2, perProcess: 100, slots: 200, listen: 300 },
  path: '/',
  s0Ms: 1_002,
  wave: {
    path: '/',
    on: 'user-path',
    why: 'the path itself is fit for it: 1002 ms, steady',
    s0Ms: 1_002,
    expectedSlots: 200,
    sent: 220,
    waves: [200, 20],
    runs: [RUN, RUN, RUN],
    effectiveConcurrency: 200,
    verdict: 'PASS',
    explanation:
      '200 requests were in service at once and the other 20 had to wait: exactly 2 processes × 100 greenlets (3 of 3 runs agree).',
  },
  throughput: {
    requests: 10,
    concurrency: 5,
    requestsPerSecond: 4.97,
    makespanMs: 2_012,
    ideal: 4.99,
    efficiency: 0.996,
    effectiveConcurrency: 4.98,
    busyCores: 0.1,
    reducedFrom: null,
    keepAlive: false,
    abWouldPrint: 3.31,
    latency: { n: 10, min: 1_002, mean: 1_004, p50: null, p90: null, p99: null, max: 1_006 },
    errors: {},
    errorWords: [],
    statuses: { 200: 10 },
    health: { loopUtilization: 0.012, loopDelayP99Ms: 0.8, littleRatio: 1, problems: [], warnings: [] },
  },
  verdict: 'PASS',
  reasons: [
    '200 requests were in service at once and the other 20 had to wait: exactly 2 processes × 100 greenlets (3 of 3 runs agree).',
    '4.97 requests/s at 5 clients: 100 % of the 4.99 the slots allow.',
  ],
};

/** The same with a driver that blocks the hub. */
export const BLOCKED: BenchResult = {
  ...PASSED,
  wave: {
    ...(PASSED.wave as NonNullable<BenchResult['wave']>),
    sent: 8,
    waves: [2, 2, 2],
    runs: [
      { ...RUN, sent: 8, waves: [2, 2, 2], errors: { aborted_at_deadline: 2 }, verdict: 'FAIL' },
      { ...RUN, sent: 8, waves: [2, 2, 1], errors: { aborted_at_deadline: 3 }, verdict: 'FAIL' },
    ],
    effectiveConcurrency: 2,
    verdict: 'FAIL',
    explanation: '',
  },
  throughput: {
    ...(PASSED.throughput as NonNullable<BenchResult['throughput']>),
    requests: 1200,
    errors: { timeout_response: 12 },
    errorWords: ['12 × no byte of an answer in time'],
    latency: { n: 1188, min: 1_004, mean: 2_102, p50: 1_990, p90: 2_700, p99: 2_980, max: 3_003 },
    health: {
      loopUtilization: 0.91,
      loopDelayP99Ms: 12.4,
      littleRatio: 1,
      problems: ['the load generator was busy 91 % of the time: the server may be faster than measured'],
      warnings: [],
    },
  },
  verdict: 'FAIL',
  reasons: [
    'Of 8 simultaneous requests only 2 were in service at once, where 8 were expected. The hub is blocked.',
  ],
};
