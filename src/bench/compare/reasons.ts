import type { VerdictWord } from '../types.js';
import { detectableEffect, pairsNeeded } from './detectable.js';
import type { RatioInterval } from './ratio-interval.js';

export interface ComparisonFacts {
  labels: { a: string; b: string };
  /** How many. */
  pairs: number;
  interval: RatioInterval | null;
  confidence: number;
  theta: number;
  invalid: readonly string[];
}

/** The sentences of a comparison's verdict, the decisive one first. */
export function comparisonReasons(verdict: VerdictWord, facts: ComparisonFacts): string[] {
  const { interval, invalid, pairs } = facts;
  if (verdict === 'INVALID') return invalid.map((text) => `${text}.`);
  if (interval === null)
    return [`Only ${pairs} of the pairs were measured: nothing can be said with 1 pair.`];
  const main = `${statement(facts, interval)}: ${consequence(verdict, facts.theta, interval)}.`;
  return verdict === 'INCONCLUSIVE' ? [main, ...outlook(facts, interval)] : [main];
}

/** `gevent serves 1.67 × the requests/s of sync (99 % interval 1.52 to 1.84, 5 pairs)` */
function statement(
  { labels, confidence, pairs }: ComparisonFacts,
  { ratio, low, high }: RatioInterval,
): string {
  const interval = `${Math.round(confidence * 100)} % interval ${low.toFixed(2)} to ${high.toFixed(2)}`;
  return `${labels.b} serves ${ratio.toFixed(2)} × the requests/s of ${labels.a} (${interval}, ${pairs} pairs)`;
}

function consequence(verdict: VerdictWord, theta: number, { low }: RatioInterval): string {
  if (theta === 1) {
    if (verdict === 'PASS') return low > 1 ? 'faster' : 'not slower';
    return verdict === 'FAIL' ? 'slower' : 'no difference is shown';
  }
  if (verdict === 'PASS') return `at least the ${theta} × asked for`;
  if (verdict === 'FAIL') return `less than the ${theta} × asked for`;
  return `the ${theta} × asked for is neither shown nor refuted`;
}

function outlook({ pairs, confidence, theta }: ComparisonFacts, { ratio, sd }: RatioInterval): string[] {
  const effect = (detectableEffect(sd, pairs, confidence) * 100).toFixed(1);
  const found = `With ${pairs} pairs that scatter so, a change of ${effect} % or more is found four times of five.`;
  const needed = pairsNeeded(Math.log(ratio / theta), sd, confidence);
  // A ratio next to the threshold cannot be told from it with any sensible number of pairs.
  if (needed === null) return [found];
  return [found, `If the ratio is what it seems, about ${Math.max(needed, pairs + 1)} pairs would decide.`];
}
