import { studentQuantile } from './student-t.js';

export interface RatioInterval {
  /** Geometric mean. */
  ratio: number;
  low: number;
  high: number;
  /** Standard deviation of the natural logarithms. */
  sd: number;
}

/**
 * Interval of a ratio from paired ratios, by Student's t on their logarithms: 95 % coverage from 3 pairs on, where a
 * bootstrap of 5 pairs covers 82 % (bench.md §2). Null for fewer than 2 ratios.
 * @param ratios each above 0.
 * @param confidence e.g. 0.95.
 */
export function ratioInterval(ratios: readonly number[], confidence: number): RatioInterval | null {
  const n = ratios.length;
  if (n < 2) return null;
  const logs = ratios.map(Math.log);
  const mean = logs.reduce((sum, value) => sum + value, 0) / n;
  const sd = Math.sqrt(logs.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
  const half = (studentQuantile((1 + confidence) / 2, n - 1) * sd) / Math.sqrt(n);
  return { ratio: Math.exp(mean), low: Math.exp(mean - half), high: Math.exp(mean + half), sd };
}
