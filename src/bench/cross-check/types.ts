/** Another load generator whose numbers can stand beside ours. */
export type CrossTool = 'ab' | 'wrk' | 'oha' | 'hey';

/** What a tool printed; null where it does not say. */
export interface CrossReading {
  requests: number;
  requestsPerSecond: number;
  /** ms. */
  meanMs: number | null;
  p50Ms: number | null;
  p99Ms: number | null;
  maxMs: number | null;
  /** Answers that are not 2xx or 3xx, and requests without one, as the tool counts them. */
  failed: number;
}

/** The same load by another tool. */
export interface CrossCheckResult extends CrossReading {
  tool: CrossTool;
  /** As it was run. */
  command: string[];
  /** Requests/s that it should print if ours are right, its way of measuring taken into account. */
  expected: number;
  /** requestsPerSecond / expected. */
  ratio: number;
  /** How it measures otherwise, a sentence each. */
  bias: string[];
}

/** The load both get. */
export interface CrossLoad {
  url: string;
  /** The Host header. */
  host: string;
  requests: number;
  concurrency: number;
  keepAlive: boolean;
  /** For one request. */
  timeoutMs: number;
  /** How long ours took. */
  makespanMs: number;
}
