import type { Endpoint } from '../endpoint.js';
import type { ErrorClass, GeneratorHealth, LatencySummary, VerdictWord } from './load-types.js';
import type {
  InterferenceResult,
  OpenLoopResult,
  SoakResult,
  SteadyState,
  SweepResult,
} from './workload-types.js';

export type {
  ErrorClass,
  GeneratorHealth,
  LatencySummary,
  LoadPlan,
  LoadResult,
  Samples,
  VerdictWord,
} from './load-types.js';
export type {
  InterferenceResult,
  OpenLoopResult,
  PathLoad,
  SoakPart,
  SoakResult,
  SteadyState,
  SweepPoint,
  SweepResult,
} from './workload-types.js';

/** What the deployment claims; bench proves or refutes it. */
export interface Claim {
  topology: 'sync' | 'threads' | 'gevent';
  processes: number;
  /** greenlets or threads a process; 1 for sync. */
  perProcess: number;
  slots: number;
  listen: number;
}

export interface WaveRun {
  sent: number;
  /** Completions per wave, first wave first, e.g. [200, 20]. */
  waves: number[];
  errors: Partial<Record<ErrorClass, number>>;
  maxConnectMs: number;
  /** Requests whose connect took less than half a service time: they had a chance to be in service in wave 1. */
  connectedInTime: number;
  makespanMs: number;
  verdict: VerdictWord;
  /** Why this run proves nothing, if so. */
  invalid: string[];
}

export interface WaveResult {
  /** The path and the instance it ran on. */
  path: string;
  on: 'user-path' | 'verification-instance';
  why: string;
  /** ms, unloaded service time (median of sequential calls). */
  s0Ms: number;
  expectedSlots: number;
  /** Of the decisive run: the first that shows the verdict. */
  sent: number;
  waves: number[];
  runs: WaveRun[];
  /** Requests in service at once, as measured. */
  effectiveConcurrency: number;
  verdict: VerdictWord;
  /** What the verdict means, in words; for FAIL with a diagnosis. */
  explanation: string;
}

/** A closed-loop run of the user's own path, set against what the slots allow. */
export interface ThroughputResult {
  requests: number;
  concurrency: number;
  requestsPerSecond: number;
  makespanMs: number;
  /** requests/s if every slot worked perfectly: n / (S0·ceil(n / min(c, slots))). */
  ideal: number;
  /** measured / ideal. */
  efficiency: number;
  /** X·S0: requests in service at once, averaged over the run. */
  effectiveConcurrency: number;
  /** CPU cores spent on the load by others than the generator; null when the server is not on this machine. */
  busyCores: number | null;
  /** The first try, in which the generator was the limit, so that fewer clients were taken; null when it was not. */
  reducedFrom: { concurrency: number; requestsPerSecond: number } | null;
  keepAlive: boolean;
  /** requests/s that ab >= 2.4.33 would print for the same n, c and server (it sends its first request alone). */
  abWouldPrint: number;
  latency: LatencySummary | null;
  errors: Partial<Record<ErrorClass, number>>;
  /** The errors in words, most frequent first. */
  errorWords: string[];
  statuses: Record<string, number>;
  health: GeneratorHealth;
  /** Of a run by duration: what was left out as warm-up, and how sure requestsPerSecond is. */
  steady?: SteadyState;
}

/** A line of the application that kept other greenlets from running. */
export interface BlockingLine {
  /** Relative to the project, where it lies in it. */
  file: string;
  /** 1-based. */
  line: number;
  function: string;
  code: string;
  /** The library's line in which it waited, or null. */
  within: string | null;
  reports: number;
}

export interface BenchResult {
  schemaVersion: 1;
  endpoint: Omit<Endpoint, 'trusted'> & { url: string };
  claim: Claim;
  path: string;
  /** ms, of the user's path when unloaded. */
  s0Ms: number;
  wave: WaveResult | null;
  throughput: ThroughputResult | null;
  /** Present when asked for, each instead of the closed loop. */
  openLoop?: OpenLoopResult;
  sweep?: SweepResult;
  interference?: InterferenceResult;
  soak?: SoakResult;
  /** Present when the hub was found blocked and was watched: the lines that blocked it, most often seen first. */
  blocking?: BlockingLine[];
  /** True when a signal ended the bench: the result holds what was measured until then. */
  partial?: boolean;
  verdict: VerdictWord;
  /** The sentences of the verdict, most important first. */
  reasons: string[];
}
