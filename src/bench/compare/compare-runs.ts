import type { LatencySummary } from '../types.js';
import { detectableEffect } from './detectable.js';
import { orderText } from './order.js';
import { type RatioInterval, ratioInterval } from './ratio-interval.js';
import { comparisonReasons } from './reasons.js';
import type { ComparedPair, CompareResult } from './types.js';

export interface CompareRunsOptions {
  labels: { a: string; b: string };
  /** Of the interval. Default 0.95. */
  confidence?: number;
  /** The ratio b/a that is asked for. Default 1: "not slower". */
  theta?: number;
  /** Why the pairs do not count, as sentences without their full stop; any makes the result INVALID. */
  invalid?: readonly string[];
  latency?: { a: LatencySummary | null; b: LatencySummary | null };
  /** Sentences that follow those of the verdict. */
  notes?: readonly string[];
  redone?: number;
  partial?: boolean;
}

/**
 * The statistics and the verdict of pairs that were measured: PASS when the whole interval of the ratio is at or above
 * `theta`, FAIL when it is below, INCONCLUSIVE otherwise.
 */
export function compareRuns(
  pairs: readonly Omit<ComparedPair, 'ratio'>[],
  { labels, confidence = 0.95, theta = 1, invalid = [], ...rest }: CompareRunsOptions,
): CompareResult {
  const compared = pairs.map((pair) => ({ ...pair, ratio: pair.b / pair.a }));
  const interval = ratioInterval(
    compared.map(({ ratio }) => ratio),
    confidence,
  );
  const facts = { labels, pairs: compared.length, interval, confidence, theta, invalid };
  const verdict = verdictOf(interval, theta, invalid);
  return {
    schemaVersion: 1,
    kind: 'comparison',
    labels,
    pairs: compared,
    ratio: interval?.ratio ?? compared[0]?.ratio ?? null,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    confidence,
    theta,
    mde: interval === null ? null : detectableEffect(interval.sd, compared.length, confidence),
    order: orderText(compared.map(({ order }) => order)),
    difference: differenceOf(interval),
    latency: rest.latency ?? { a: null, b: null },
    redone: rest.redone ?? 0,
    partial: rest.partial ?? false,
    verdict,
    reasons: [...comparisonReasons(verdict, facts), ...(rest.notes ?? [])],
  };
}

function verdictOf(
  interval: RatioInterval | null,
  theta: number,
  invalid: readonly string[],
): CompareResult['verdict'] {
  if (invalid.length > 0) return 'INVALID';
  if (interval === null) return 'INCONCLUSIVE';
  if (interval.low >= theta) return 'PASS';
  return interval.high < theta ? 'FAIL' : 'INCONCLUSIVE';
}

function differenceOf(interval: RatioInterval | null): CompareResult['difference'] {
  if (interval === null || (interval.low <= 1 && interval.high >= 1)) return 'not-shown';
  return interval.low > 1 ? 'faster' : 'slower';
}
