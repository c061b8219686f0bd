import type { ErrorClass, GeneratorHealth, LatencySummary } from './load-types.js';

/** The steady part of a closed loop, found by rule (MSER-5), and its rate. */
export interface SteadyState {
  /** Good answers left out at the beginning. */
  dropped: number;
  /** False when the run had not settled by its middle. */
  steady: boolean;
  requestsPerSecond: number;
  /** Half-width of the 95 % interval of requestsPerSecond, by batch means; null when too few batches. */
  halfWidth: number | null;
  /** Of the good answers that were kept. */
  latency: LatencySummary | null;
  /** What was done, in words. */
  text: string;
}

/** One point of a sweep over concurrency. */
export interface SweepPoint {
  concurrency: number;
  requestsPerSecond: number;
  /** Half-width of the 95 % interval of requestsPerSecond, by batch means; null when too few batches. */
  halfWidth: number | null;
  /** ms, mean latency. */
  meanMs: number;
  p99Ms: number | null;
  errors: Partial<Record<ErrorClass, number>>;
  /** CPU cores the server used, when it can be read. */
  busyCores: number | null;
}

/** Throughput over concurrency with the bounds that explain it. */
export interface SweepResult {
  points: SweepPoint[];
  /** Requests/s; null when not known. */
  bounds: { slots: number; cpu: number | null; measuredMax: number };
  /** Clients at which the asymptotes cross: S0·Xmax. */
  knee: number;
  limitedBy: 'slots' | 'cpu' | 'something-else' | 'not-reached';
  explanation: string;
}

/** Latency under arrivals at a fixed rate, counted from the intended start. */
export interface OpenLoopResult {
  /** Requests/s asked for and reached. */
  rate: number;
  achieved: number;
  durationMs: number;
  sent: number;
  /** Arrivals that could not be started in time. */
  dropped: number;
  /** From the intended start: what a user waits. */
  latency: LatencySummary | null;
  /** From the actual start: what a closed loop would show. */
  service: LatencySummary | null;
  errors: Partial<Record<ErrorClass, number>>;
  health: GeneratorHealth;
  /** ms; p99 that one client, waiting for each answer before its next request, would have seen; null when n is too small. */
  closedLoopP99Ms?: number | null;
  /** What the latencies say, in words. */
  explanation?: string;
}

/** A closed loop on one path, alone or beside another. */
export interface PathLoad {
  requestsPerSecond: number;
  latency: LatencySummary | null;
  errors: Partial<Record<ErrorClass, number>>;
}

/** What a path keeps of its rate while another path is loaded. */
export interface InterferenceResult {
  path: string;
  /** The path that disturbs. */
  withPath: string;
  concurrency: { path: number; withPath: number };
  alone: PathLoad;
  together: PathLoad;
  /** The disturbing path, while both were loaded. */
  other: PathLoad;
  /** Rate together over rate alone. */
  ratio: number;
  health: GeneratorHealth;
  explanation: string;
}

/** One part of a soak. */
export interface SoakPart {
  /** ms since the beginning of the soak. */
  atMs: number;
  requestsPerSecond: number;
  meanMs: number | null;
  p99Ms: number | null;
  /** Bytes at the end of the part; null when it cannot be read. */
  memory: number | null;
  errors: Partial<Record<ErrorClass, number>>;
}

/** A load over a long time in equal parts, and where latency and memory go. */
export interface SoakResult {
  durationMs: number;
  /** Arrivals a second, or null for a closed loop. */
  rate: number | null;
  concurrency: number;
  parts: SoakPart[];
  /** Change from the first to the last part, by a straight line through all of them: 0.1 = 10 % more; null = not known. */
  latencyTrend: number | null;
  memoryTrend: number | null;
  health: GeneratorHealth;
  explanation: string;
}
