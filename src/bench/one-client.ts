import { summarize } from './summary.js';
import type { LatencySummary, Samples } from './types.js';

/**
 * What one client of a closed loop would have recorded of these arrivals: it sends nothing while it waits for an
 * answer, so that a pause of the server costs it one slow sample where many users would have waited.
 */
export function onlyOneClient({ startMs, totalMs, intendedMs, ok }: Samples): LatencySummary | null {
  let free = Number.NEGATIVE_INFINITY;
  const seen = totalMs.map((total, i) => {
    const start = startMs[i] ?? 0;
    if ((intendedMs?.[i] ?? start) < free) return Number.NaN;
    free = start + total;
    return ok[i] === 1 ? total : Number.NaN;
  });
  return summarize(seen);
}
