import type { LatencySummary } from './types.js';

// Fewer samples beyond a percentile than this make it a matter of luck (bench.md §2, percentiles).
const SAMPLES_BEYOND = 10;

/** Exact summary of durations in ms, NaN left out; null when none is left. Percentiles without enough samples are null. */
export function summarize(values: Float64Array): LatencySummary | null {
  const sorted = known(values).sort();
  const n = sorted.length;
  if (n === 0) return null;
  let sum = 0;
  for (const value of sorted) sum += value;
  return {
    n,
    min: sorted[0] ?? 0,
    mean: sum / n,
    p50: percentile(sorted, 0.5),
    p90: percentile(sorted, 0.9),
    p99: percentile(sorted, 0.99),
    max: sorted[n - 1] ?? 0,
  };
}

/** A copy without NaN; `filter` would hold a million values three times. */
function known(values: Float64Array): Float64Array {
  let n = 0;
  for (const value of values) if (!Number.isNaN(value)) n++;
  const result = new Float64Array(n);
  let at = 0;
  for (const value of values) if (!Number.isNaN(value)) result[at++] = value;
  return result;
}

/** Middle value of a few numbers (mean of the two middle ones for an even count). */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2;
}

function percentile(sorted: Float64Array, p: number): number | null {
  // The small term keeps 0.9·n from rounding up past a whole number.
  const rank = Math.ceil(sorted.length * p - 1e-9);
  return sorted.length - rank < SAMPLES_BEYOND ? null : (sorted[rank - 1] ?? null);
}
