import type { Endpoint } from '../endpoint.js';

/** One class for every request that was started; nothing vanishes. */
export type ErrorClass =
  | 'refused'
  | 'tls_failed'
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

/**
 * What the load is: closed loop (`concurrency` clients, next request after a completion), one simultaneous wave, or an
 * open loop (`rate` arrivals a second for `durationMs`, on at most `concurrency` connections at once).
 */
export interface LoadPlan {
  endpoint: Endpoint;
  path: string;
  method: string;
  headers: Record<string, string>;
  /** Sent as UTF-8, with its Content-Length. */
  body?: string;
  mode: 'closed' | 'wave' | 'open';
  /** Arrivals a second of an open loop, evenly spaced. */
  rate?: number;
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
  /** Engine threads that sent the load; left out when it was one. */
  threads?: number;
  /** 0..1 of the event loop, of the busiest thread. */
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
  /** Of an open loop: arrivals that came due, those never started, and by how many ms (p99) they were noticed late. */
  arrivals?: { due: number; dropped: number; lagP99Ms: number };
  samples: Samples;
}

/** Raw samples in start order, one element a request; ms since the first start, or durations in ms. */
export interface Samples {
  startMs: Float64Array;
  /** When an open loop should have started it, on the same clock. */
  intendedMs?: Float64Array;
  totalMs: Float64Array;
  /** NaN when the request had no connect of its own (kept connection) or never connected. */
  connectMs: Float64Array;
  /** NaN when no byte came. */
  firstByteMs: Float64Array;
  /** 1 for a good answer. */
  ok: Uint8Array;
}
