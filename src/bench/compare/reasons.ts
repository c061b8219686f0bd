import type { VerdictWord } from '../types.js';
import { detectableEffect, pairsNeeded } from './detectable.js';
import { isEqual } from './equal.js';
import type { RatioInterval } from './ratio-interval.js';

export interface ComparisonFacts {
  labels: { a: string; b: string };
  /** How many; of a saved base, how many runs of the candidate. */
  pairs: number;
  /** How many runs a saved base has; null when it was loaded in turn. */
  savedRuns: number | null;
  interval: RatioInterval | null;
  confidence: number;
  theta: number;
  invalid: readonly string[];
  doubts: readonly string[];
}

/** The sentences of a comparison's verdict, the decisive one first. */
export function comparisonReasons(verdict: VerdictWord, facts: ComparisonFacts): string[] {
  const { interval, invalid, pairs, doubts } = facts;
  if (verdict === 'INVALID') return invalid.map((text) => `${text}.`);
  if (interval === null)
    return [`Only ${pairs} of the pairs were measured: nothing can be said with 1 pair.`];
  if (doubts.length > 0) return [...doubts, `${statement(facts, interval)}, which decides nothing.`];
  const main = `${statement(facts, interval)}: ${consequence(verdict, facts.theta, interval)}.`;
  return verdict === 'INCONCLUSIVE' ? [main, ...outlook(facts, interval)] : [main];
}

/** `gevent serves 1.67 × the requests/s of sync (99 % interval 1.52 to 1.84, 5 pairs)` */
function statement(
  { labels, confidence, pairs, savedRuns }: ComparisonFacts,
  { ratio, low, high }: RatioInterval,
): string {
  const interval = `${Math.round(confidence * 100)} % interval ${low.toFixed(2)} to ${high.toFixed(2)}`;
  const runs = savedRuns === null ? `${pairs} pairs` : `${pairs} runs against ${savedRuns} saved, not paired`;
  return `${labels.b} serves ${ratio.toFixed(2)} × the requests/s of ${labels.a} (${interval}, ${runs})`;
}

function consequence(verdict: VerdictWord, theta: number, interval: RatioInterval): string {
  const { low } = interval;
  if (theta === 1) {
    if (verdict === 'PASS' && isEqual(interval)) return 'equally fast, within 5 %';
    if (verdict === 'PASS') return low > 1 ? 'faster' : 'not slower';
    return verdict === 'FAIL' ? 'slower' : 'no difference is shown';
  }
  if (verdict === 'PASS') return `at least the ${theta} × asked for`;
  if (verdict === 'FAIL') return `less than the ${theta} × asked for`;
  return `the ${theta} × asked for is neither shown nor refuted`;
}

function outlook(
  { pairs, savedRuns, confidence, theta }: ComparisonFacts,
  { ratio, sd }: RatioInterval,
): string[] {
  const effect = (detectableEffect(sd, pairs, confidence) * 100).toFixed(1);
  const found = `With ${pairs} pairs that scatter so, a change of ${effect} % or more is found four times of five.`;
  // The scatter of a saved base does not shrink with further runs.
  if (savedRuns !== null) return [found.replace('pairs', 'runs')];
  const needed = pairsNeeded(Math.log(ratio / theta), sd, confidence);
  // A ratio next to the threshold cannot be told from it with any sensible number of pairs.
  if (needed === null) return [found];
  return [found, `If the ratio is what it seems, about ${Math.max(needed, pairs + 1)} pairs would decide.`];
}
