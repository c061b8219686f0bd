import type { RatioInterval } from './ratio-interval.js';
import { studentQuantile } from './student-t.js';

/**
 * Interval of the ratio now/saved when the base is a saved run and nothing was loaded in turn, by Student's t on
 * logarithms: with several saved runs after Welch; a single one is taken to scatter like those of now, which makes the
 * interval that of one further run, twice as wide at 3 runs. Null for fewer than 2 runs now.
 * @param saved requests/s, at least one, each above 0.
 * @param now requests/s, each above 0.
 * @param confidence e.g. 0.95.
 */
export function unpairedInterval(
  saved: readonly number[],
  now: readonly number[],
  confidence: number,
): RatioInterval | null {
  const [m, n] = [saved.length, now.length];
  if (m < 1 || n < 2) return null;
  const [a, b] = [moments(saved), moments(now)];
  const parts = [m > 1 ? a.variance / m : b.variance, b.variance / n] as const;
  const error = Math.sqrt(parts[0] + parts[1]);
  const df = m > 1 ? welch(parts, [m, n]) : n - 1;
  const half = studentQuantile((1 + confidence) / 2, df) * error;
  const mean = b.mean - a.mean;
  // As if it came from n pairs.
  const sd = error * Math.sqrt(n);
  return { ratio: Math.exp(mean), low: Math.exp(mean - half), high: Math.exp(mean + half), sd };
}

function moments(values: readonly number[]): { mean: number; variance: number } {
  const logs = values.map(Math.log);
  const mean = logs.reduce((sum, value) => sum + value, 0) / logs.length;
  const squares = logs.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: squares / Math.max(1, logs.length - 1) };
}

/** Degrees of freedom after Welch and Satterthwaite, rounded down: the cautious side. */
function welch([a, b]: readonly [number, number], [m, n]: readonly [number, number]): number {
  const spread = a ** 2 / (m - 1) + b ** 2 / (n - 1);
  return spread === 0 ? m + n - 2 : Math.max(1, Math.floor((a + b) ** 2 / spread));
}
