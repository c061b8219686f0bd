import type { Endpoint } from '../endpoint.js';

/** One class for every request that was started; nothing vanishes. */
export type ErrorClass =
  | 'refused'
  | 'timeout_connect'
  | 'timeout_response'
  | 'timeout_body'
  | 'reset_before_response'
  | 'reset_mid_response'
  | 'closed_before_response'
  | 'truncated_header'
  | 'short_body'
  | 'extra_bytes'
  | 'bad_status_line'
  | 'bad_chunk'
  | 'bad_content_length'
  | 'header_overflow'
  | 'http_3xx'
  | 'http_4xx'
  | 'http_5xx'
  | 'body_mismatch'
  | 'local_exhaustion'
  | 'aborted_at_deadline';

export type VerdictWord = 'PASS' | 'FAIL' | 'INCONCLUSIVE' | 'INVALID';

/** What the load is: closed loop (`concurrency` clients, next request after a completion) or one simultaneous wave. */
export interface LoadPlan {
  endpoint: Endpoint;
  path: string;
  method: string;
  headers: Record<string, string>;
  mode: 'closed' | 'wave';
  /** Requests to send; closed loop: null = until `durationMs`. */
  requests: number | null;
  concurrency: number;
  /** ms; after it no request is started. */
  durationMs: number | null;
  /** ms for one request from its start to its last byte. */
  timeoutMs: number;
  keepAlive: boolean;
  /** ms after `durationMs` for which answers are still awaited; the rest is `aborted_at_deadline`. Default `timeoutMs`. */
  drainMs?: number;
  /** What a good answer is. Without it: any 2xx, any body. */
  expect?: { status?: number; bodyBytes?: number };
}

/** Generator health over the measured window. */
export interface GeneratorHealth {
  /** 0..1 of the engine thread's event loop. */
  loopUtilization: number;
  /** ms, p99 of event-loop delay beyond the timer's resolution. */
  loopDelayP99Ms: number;
  /** X·R/c: 1 when all `c` connections were always in flight (closed loop only). */
  littleRatio: number | null;
  /** Sentences; any of them makes the run INVALID: the generator, not the server, was measured. */
  problems: string[];
  /** Sentences; the run counts, but the generator was not at ease. */
  warnings: string[];
}

export interface LatencySummary {
  n: number;
  /** ms; a percentile is null when fewer than 10 samples lie beyond it. */
  min: number;
  mean: number;
  p50: number | null;
  p90: number | null;
  p99: number | null;
  max: number;
}

export interface LoadResult {
  plan: LoadPlan;
  sent: number;
  ok: number;
  errors: Partial<Record<ErrorClass, number>>;
  /** ms from the first start to the last end. */
  makespanMs: number;
  /** ok / makespan. */
  requestsPerSecond: number;
  /** Start to last byte, of good answers only. */
  latency: LatencySummary | null;
  connect: LatencySummary | null;
  /** Start to first byte, of good answers only. */
  firstByte: LatencySummary | null;
  /** HTTP status -> count. */
  statuses: Record<string, number>;
  health: GeneratorHealth;
  /** Requests sent again on a new connection because the server had closed the kept one meanwhile. */
  staleKeepalive: number;
  /** True when a signal ended the run: what was in flight is counted as `aborted_at_deadline`. */
  partial: boolean;
  samples: Samples;
}

/** Raw samples in start order, one element a request; ms since the first start, or durations in ms. */
export interface Samples {
  startMs: Float64Array;
  totalMs: Float64Array;
  /** NaN when the request had no connect of its own (kept connection) or never connected. */
  connectMs: Float64Array;
  /** NaN when no byte came. */
  firstByteMs: Float64Array;
  /** 1 for a good answer. */
  ok: Uint8Array;
}

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
}

export interface BenchResult {
  schemaVersion: 1;
  endpoint: Endpoint & { url: string };
  claim: Claim;
  path: string;
  /** ms, of the user's path when unloaded. */
  s0Ms: number;
  wave: WaveResult | null;
  throughput: ThroughputResult | null;
  verdict: VerdictWord;
  /** The sentences of the verdict, most important first. */
  reasons: string[];
}
