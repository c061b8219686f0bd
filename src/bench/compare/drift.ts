import type { LoadResult } from '../types.js';

// bench.md §5c.
const ALLOWED = 0.1;
// Fewer rounds than this and one wave of answers more or less in a half looks like a drift.
const ROUNDS_NEEDED = 40;
const NOISE_SIGMAS = 3;

/**
 * How much faster the second half of a load was than its first: -0.2 = 20 % slower. Null when the change is at most
 * 10 %, within the noise of so many answers, or the load too short to tell.
 */
export function drift({ plan, samples }: Pick<LoadResult, 'plan' | 'samples'>): number | null {
  const ends = samples.startMs
    .map((start, i) => start + (samples.totalMs[i] ?? 0))
    .filter((_, i) => samples.ok[i] === 1)
    .sort();
  const n = ends.length;
  if (n < ROUNDS_NEEDED * plan.concurrency) return null;
  // By answers, not by the clock: with a steady service time the answers come in waves, which a clock would cut.
  const middle = ends[Math.ceil(n / 2) - 1] ?? 0;
  const rest = (ends[n - 1] ?? 0) - middle;
  const change = (middle / rest) * ((n - Math.ceil(n / 2)) / Math.ceil(n / 2)) - 1;
  // Independent answers would scatter by sqrt(4 / n); those of a closed loop scatter less.
  const noise = NOISE_SIGMAS * Math.sqrt(4 / n);
  return Math.abs(change) > Math.max(ALLOWED, noise) ? change : null;
}
