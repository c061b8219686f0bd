import type {
  Claim,
  ErrorClass,
  LatencySummary,
  LoadResult,
  ThroughputResult,
  VerdictWord,
  WaveResult,
} from '../types.js';

/** The load both sides of a comparison get, block by block. */
export interface BlockLoad {
  concurrency: number;
  keepAlive: boolean;
  /** Requests a block; null = by time. */
  requests: number | null;
  /** ms a block; null = as long as the side's own answers need. */
  durationMs: number | null;
}

/** One side of a comparison: how to load it once, and how to make it warm before. */
export interface MeasureBlock {
  label: string;
  /** One bounded load; its promise ends when nothing is in flight any more. */
  measure(): Promise<LoadResult>;
  warm(): Promise<void>;
}

/** A base that was measured earlier; it cannot be loaded again. */
export interface SavedBlock {
  label: string;
  /** Of each of its runs under the same load; at least one. */
  requestsPerSecond: readonly number[];
  latency: LatencySummary | null;
}

/** Which side of a pair was loaded first; B = only the candidate, since the base is a saved run. */
export type PairOrder = 'AB' | 'BA' | 'B';

/** Two loads, one after the other. */
export interface ComparedPair {
  /** Requests/s of the base. */
  a: number;
  /** Requests/s of the candidate. */
  b: number;
  /** b / a: above 1, the candidate is faster. */
  ratio: number;
  order: PairOrder;
}

/** Two deployments under the same load, the pair of runs being the unit of the statistics. */
export interface CompareResult {
  schemaVersion: 1;
  kind: 'comparison';
  labels: { a: string; b: string };
  /** Whether the base was loaded in turn with the candidate, or is a saved run. */
  base: 'live' | 'saved';
  /** What each block was. */
  load?: BlockLoad;
  pairs: ComparedPair[];
  /** Geometric mean of the pairs' ratios; null without pairs. */
  ratio: number | null;
  /** Bounds of the interval of the ratio; null with fewer than 2 pairs. */
  low: number | null;
  high: number | null;
  /** Of the interval, e.g. 0.99: higher than 0.95 when the run may be extended, so that all looks together keep 0.95. */
  confidence: number;
  /** The ratio asked for. */
  theta: number;
  /** The smallest relative change that so many pairs find four times of five: 0.08 = 8 %; null with fewer than 2 pairs. */
  mde: number | null;
  /** The sequence of the loads, e.g. `ABBA BA`. */
  order: string;
  /** Whether the interval excludes 1, and on which side. */
  difference: 'faster' | 'slower' | 'not-shown';
  /** Good answers of all blocks of a side taken together. */
  latency: { a: LatencySummary | null; b: LatencySummary | null };
  /** Blocks that did not count and were measured again. */
  redone: number;
  /** True when a signal ended it: the pairs are those that were complete. */
  partial: boolean;
  verdict: VerdictWord;
  /** Sentences, the decisive one first. */
  reasons: string[];
}

/** A closed loop of many clients, cut off at a fixed time. */
export interface CrowdResult {
  concurrency: number;
  durationMs: number;
  sent: number;
  requestsPerSecond: number;
  /** Of what was answered in time. */
  latency: LatencySummary | null;
  errors: Partial<Record<ErrorClass, number>>;
}

/** One of several deployments measured alike. */
export interface ComparedSide {
  label: string;
  claim: Claim;
  /** The load that was asked for; null when it was left out. */
  load: Pick<
    ThroughputResult,
    'requests' | 'concurrency' | 'requestsPerSecond' | 'abWouldPrint' | 'latency'
  > | null;
  /** Twenty times as many clients; null when no number of clients was asked for, or they would wait too long. */
  crowd: CrowdResult | null;
  wave: Pick<WaveResult, 'sent' | 'waves' | 'effectiveConcurrency' | 'verdict'> | null;
  /** Bytes its processes held after the loads; null when it cannot be read. */
  memory: number | null;
}
