import type { Samples } from '../../bench/types.js';

export interface TimeBin {
  /** ms, its middle. */
  atMs: number;
  /** Answers/s. */
  good: number;
  failed: number;
}

// With a steady service time the answers come in waves, which narrower bins would show as a saw (bench.md §2).
const SERVICE_TIMES = 5;
const LEAST_MS = 1_000;
const FEWEST = 5;

/** Answers/s over time, counted where they ended; empty when the run is too short for a picture. The rest of a bin is left out. */
export function timeline(
  { startMs, totalMs, ok }: Pick<Samples, 'startMs' | 'totalMs' | 'ok'>,
  s0Ms: number,
): TimeBin[] {
  const ends = startMs.map((start, i) => start + (totalMs[i] ?? 0));
  const last = ends.reduce((most, end) => Math.max(most, end), 0);
  const binMs = Math.max(LEAST_MS, SERVICE_TIMES * s0Ms, last / 120);
  const count = Math.floor(last / binMs);
  if (count < FEWEST) return [];
  const bins = Array.from({ length: count }, (_, i) => ({ atMs: (i + 0.5) * binMs, good: 0, failed: 0 }));
  for (const [i, end] of ends.entries()) {
    const bin = bins[Math.floor(end / binMs)];
    if (bin !== undefined) bin[ok[i] === 1 ? 'good' : 'failed'] += 1000 / binMs;
  }
  return bins;
}
