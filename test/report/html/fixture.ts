import { compareRuns } from '../../../src/bench/compare/compare-runs.js';
import { pairOrder } from '../../../src/bench/compare/order.js';
import { sideOf } from '../../../src/bench/compare/side.js';
import type { ComparedSide } from '../../../src/bench/compare/types.js';
import type { BenchEnvironment } from '../../../src/bench/environment.js';
import type { JudgedExpectation } from '../../../src/bench/threshold.js';
import type {
  BenchResult,
  Claim,
  OpenLoopResult,
  SweepPoint,
  SweepResult,
} from '../../../src/bench/types.js';
import type { HtmlInput, WaveSample } from '../../../src/report/html/types.js';
import { normal } from '../../bench/compare/seeded.js';
import { BLOCKED, PASSED } from '../fixture.js';

const next = normal(5);

/** 220 requests on 200 slots of 1,002 ms. */
const WAVE: WaveSample[] = Array.from({ length: 220 }, (_, i) => ({
  startMs: i * 0.15,
  connectMs: 18 + i * 0.12 + Math.abs(next()) * 3,
  totalMs: (i < 200 ? 1_002 : 2_006) + 18 + i * 0.12 + Math.abs(next()) * 6,
}));

const SWEEP: SweepResult = {
  points: [1, 2, 5, 10, 25, 50, 100, 200, 400].map(point),
  bounds: { slots: 199.6, cpu: 310, measuredMax: 196 },
  knee: 196,
  limitedBy: 'slots',
  explanation:
    'Requests/s rise with the clients up to 200 and stay at 196 after: all 200 slots are in use, and the CPU is not the limit.',
};

const LATENCY = { n: 1_100, min: 1_002, mean: 1_006, p50: 1_005, p90: 1_009, p99: 1_016, max: 1_020 };

const OPEN_LOOP: OpenLoopResult = {
  rate: 140,
  achieved: 139.8,
  durationMs: 30_000,
  sent: 4_200,
  dropped: 3,
  latency: { n: 4_200, min: 1_002, mean: 1_120, p50: 1_006, p90: 1_450, p99: 2_840, max: 3_010 },
  service: { n: 4_200, min: 1_002, mean: 1_012, p50: 1_005, p90: 1_020, p99: 1_210, max: 2_950 },
  errors: {},
  health: { loopUtilization: 0.1, loopDelayP99Ms: 1, littleRatio: null, problems: [], warnings: [] },
};

const EXPECTATIONS: JudgedExpectation[] = [
  { text: 'slots=200', measured: '200', ok: true },
  { text: 'rps>=5', measured: '4.97 requests/s', ok: false },
  { text: 'p99<250ms', measured: 'only 10 answers, and p99 needs 1000', ok: null },
];

const ENVIRONMENT: BenchEnvironment = {
  date: '2026-01-09T14:03:00Z',
  machine: 'Linux 6.1.0-18, x64',
  cpus: 2,
  cpuModel: 'Some CPU @ 2.4 GHz',
  memoryBytes: 8 * 1024 ** 3,
  node: 'v20.19.5',
  target: 'docker',
};

function side(label: string, topology: Claim['topology']): ComparedSide {
  const claim: Claim = { topology, processes: 1, perProcess: 100, slots: 100, listen: 210 };
  return {
    ...sideOf(label, { ...PASSED, claim }),
    crowd: {
      concurrency: 100,
      durationMs: 12_000,
      sent: 1_200,
      requestsPerSecond: 99.4,
      latency: LATENCY,
      errors: {},
    },
    memory: 41 * 1024 ** 2,
  };
}

/** A page with every section. */
export const FULL: HtmlInput = {
  bench: PASSED,
  comparisons: [
    compareRuns(
      [1.61, 1.7, 1.66, 1.72, 1.64].map((b, i) => ({ a: 117, b: 117 * b, order: pairOrder(i) })),
      {
        labels: { a: 'threads', b: 'gevent' },
        theta: 1.5,
        latency: {
          a: { n: 2_000, min: 310, mean: 420, p50: 402, p90: 540, p99: 912, max: 1_300 },
          b: { n: 2_000, min: 210, mean: 260, p50: 244, p90: 330, p99: 610, max: 900 },
        },
      },
    ),
  ],
  sides: [side('threads', 'threads'), side('gevent', 'gevent')],
  sweep: SWEEP,
  openLoop: OPEN_LOOP,
  expectations: EXPECTATIONS,
  waveSamples: WAVE,
  environment: ENVIRONMENT,
  command: 'deploykit bench -n 10 -c 5 --vs threads --sweep --rate 140 --expect slots=200 --html report.html',
};

const LOAD = { requestsPerSecond: 410, latency: OPEN_LOOP.service, errors: {} };

/** An interrupted bench that had every workload. */
export const WORKLOADS: BenchResult = {
  ...PASSED,
  partial: true,
  sweep: SWEEP,
  openLoop: OPEN_LOOP,
  interference: {
    path: '/light',
    withPath: '/heavy',
    concurrency: { path: 10, withPath: 4 },
    alone: LOAD,
    together: { requestsPerSecond: 43, latency: null, errors: {} },
    other: { ...LOAD, requestsPerSecond: 12 },
    ratio: 0.105,
    health: OPEN_LOOP.health,
    explanation: 'Beside /heavy, /light keeps 10 % of its rate: the handler of /heavy does not give way.',
  },
  soak: {
    durationMs: 600_000,
    rate: null,
    concurrency: 20,
    parts: Array.from({ length: 20 }, (_, i) => ({
      atMs: (i + 0.5) * 30_000,
      requestsPerSecond: 19.9 - i * 0.02,
      meanMs: 1_004 + i * 2,
      p99Ms: i === 4 ? null : 1_050 + i * 9,
      memory: (180 + i * 1.4) * 1024 ** 2,
      errors: i === 2 ? { timeout_response: 2 } : {},
    })),
    latencyTrend: 0.04,
    memoryTrend: 0.15,
    health: OPEN_LOOP.health,
    explanation: 'Over 600 s memory grew by 15 % and has not settled; latency rose by 4 %.',
  },
};

/** 6,000 answers of a closed loop, some of which failed for a while. */
export const SAMPLES = {
  startMs: Float64Array.from({ length: 6_000 }, (_, i) => i * 10),
  totalMs: Float64Array.from({ length: 6_000 }, () => 48 + Math.abs(next()) ** 3 * 5),
  ok: Uint8Array.from({ length: 6_000 }, (_, i) => (i > 2_000 && i < 2_400 && i % 3 === 0 ? 0 : 1)),
};

/** A page of a run that failed, with nothing optional. */
export const FAILED: HtmlInput = {
  bench: BLOCKED,
  environment: ENVIRONMENT,
  command: 'deploykit bench',
};

/** A page whose every text tries to leave its place. */
export function hostile(text: string): HtmlInput {
  const [compare] = FULL.comparisons ?? [];
  const [wave, throughput] = [PASSED.wave, PASSED.throughput];
  return {
    ...FULL,
    bench: {
      ...PASSED,
      path: text,
      endpoint: { ...PASSED.endpoint, url: text, route: { kind: 'given', note: text } },
      reasons: [text, text],
      wave: wave && { ...wave, path: text, explanation: text },
      throughput: throughput && {
        ...throughput,
        errorWords: [text],
        statuses: { [text]: 1 },
        health: { ...throughput.health, problems: [text], warnings: [text] },
      },
    },
    comparisons: compare
      ? [{ ...compare, labels: { a: text, b: text }, reasons: [text, text], order: text }]
      : [],
    sides: (FULL.sides ?? []).map((one) => ({ ...one, label: text })),
    sweep: { ...SWEEP, explanation: text },
    expectations: [{ text, measured: text, ok: null }],
    environment: { ...ENVIRONMENT, machine: text, cpuModel: text, target: text },
    command: text,
  };
}

function point(concurrency: number): SweepPoint {
  const requestsPerSecond = Math.min(concurrency / 1.004, 196 - (concurrency > 200 ? 1.5 : 0));
  return {
    concurrency,
    requestsPerSecond,
    halfWidth: concurrency < 5 ? null : requestsPerSecond * 0.025,
    meanMs: (concurrency / requestsPerSecond) * 1000,
    p99Ms: concurrency < 25 ? null : (concurrency / requestsPerSecond) * 1080,
    errors: {},
    busyCores: 0.02 + requestsPerSecond * 0.004,
  };
}
