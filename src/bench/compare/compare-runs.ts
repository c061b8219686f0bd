import type { LatencySummary } from '../types.js';
import { detectableEffect } from './detectable.js';
import { isEqual } from './equal.js';
import { orderText } from './order.js';
import { type RatioInterval, ratioInterval } from './ratio-interval.js';
import { type ComparisonFacts, comparisonReasons } from './reasons.js';
import type { BlockLoad, ComparedPair, CompareResult } from './types.js';
import { unpairedInterval } from './unpaired-interval.js';

export interface CompareRunsOptions {
  labels: { a: string; b: string };
  /** Of the interval. Default 0.95. */
  confidence?: number;
  /** The ratio b/a that is asked for. Default 1: "not slower". */
  theta?: number;
  /** The runs of a saved base, in requests/s; the pairs' `a` is then their mean. */
  saved?: readonly number[];
  /** Why nothing can be decided whatever was measured, as sentences; any makes the result INCONCLUSIVE. */
  doubts?: readonly string[];
  /** Why the pairs do not count, as sentences without their full stop; any makes the result INVALID. */
  invalid?: readonly string[];
  latency?: { a: LatencySummary | null; b: LatencySummary | null };
  /** Sentences that follow those of the verdict. */
  notes?: readonly string[];
  load?: BlockLoad;
  redone?: number;
  partial?: boolean;
}

/**
 * The statistics and the verdict of pairs that were measured: PASS when the whole interval of the ratio is at or above
 * `theta`, FAIL when it is below, INCONCLUSIVE otherwise. Two that are equally fast would stay undecided for ever where
 * "not slower" is asked: PASS also when the interval holds no difference of 5 % either way.
 */
export function compareRuns(
  pairs: readonly Omit<ComparedPair, 'ratio'>[],
  { labels, confidence = 0.95, theta = 1, invalid = [], saved, doubts = [], ...rest }: CompareRunsOptions,
): CompareResult {
  const compared = pairs.map((pair) => ({ ...pair, ratio: pair.b / pair.a }));
  const interval =
    saved === undefined
      ? ratioInterval(
          compared.map(({ ratio }) => ratio),
          confidence,
        )
      : unpairedInterval(
          saved,
          compared.map(({ b }) => b),
          confidence,
        );
  const savedRuns = saved?.length ?? null;
  const facts = { labels, pairs: compared.length, savedRuns, interval, confidence, theta, invalid, doubts };
  const verdict = verdictOf(facts);
  return {
    schemaVersion: 1,
    kind: 'comparison',
    labels,
    base: saved === undefined ? 'live' : 'saved',
    ...(rest.load === undefined ? {} : { load: rest.load }),
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

function verdictOf({ interval, theta, invalid, doubts }: ComparisonFacts): CompareResult['verdict'] {
  if (invalid.length > 0) return 'INVALID';
  if (interval === null || doubts.length > 0) return 'INCONCLUSIVE';
  if (interval.low >= theta || (theta === 1 && isEqual(interval))) return 'PASS';
  return interval.high < theta ? 'FAIL' : 'INCONCLUSIVE';
}

function differenceOf(interval: RatioInterval | null): CompareResult['difference'] {
  if (interval === null || (interval.low <= 1 && interval.high >= 1)) return 'not-shown';
  return interval.low > 1 ? 'faster' : 'slower';
}
