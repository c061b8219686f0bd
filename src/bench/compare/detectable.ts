import { studentQuantile } from './student-t.js';

// The normal quantile of 0.8: found four times of five is the usual promise.
const Z_POWER = 0.8416;
// More than this nobody measures.
const MOST_PAIRS = 100;

/**
 * The smallest relative change, up or down, that `pairs` pairs find with a probability of 0.8: 0.08 = 8 %.
 * @param sd standard deviation of the logarithms of the pairs' ratios.
 * @param confidence of the interval, e.g. 0.95.
 */
export function detectableEffect(sd: number, pairs: number, confidence: number): number {
  // As a rise, which is the larger of the two: a fall of the same share is further away on the log scale.
  return Math.expm1(reach(sd, pairs, confidence));
}

/**
 * Pairs needed to find a ratio that lies `distance` away on the log scale; null when more than 100.
 * @param distance natural logarithm, e.g. `Math.log(0.9)`; its sign does not matter.
 */
export function pairsNeeded(distance: number, sd: number, confidence: number): number | null {
  if (reach(sd, MOST_PAIRS, confidence) > Math.abs(distance)) return null;
  for (let pairs = 2; pairs <= MOST_PAIRS; pairs++) {
    if (reach(sd, pairs, confidence) <= Math.abs(distance)) return pairs;
  }
  return null;
}

/** Distance on the log scale found with that power: the noncentral t distribution after Johnson and Welch. */
function reach(sd: number, pairs: number, confidence: number): number {
  const df = pairs - 1;
  const t = studentQuantile((1 + confidence) / 2, df);
  const shift = t * (1 - 1 / (4 * df)) + Z_POWER * Math.sqrt(1 + t ** 2 / (2 * df));
  return (shift * sd) / Math.sqrt(pairs);
}
