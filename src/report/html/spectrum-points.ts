import type { LatencySummary } from '../../bench/types.js';

export interface SpectrumPoint {
  /** Of the answers that were at most so slow: 0.99 for p99. */
  share: number;
  ms: number;
}

export interface SpectrumSeries {
  label: string;
  points: SpectrumPoint[];
}

// bench.md §2: with fewer beyond it, a percentile is a matter of luck.
const SAMPLES_BEYOND = 10;
const STEPS = 80;

/** The percentiles a summary has. */
export function summaryPoints({ min, p50, p90, p99 }: LatencySummary): SpectrumPoint[] {
  const known = [
    { share: 0, ms: min },
    { share: 0.5, ms: p50 },
    { share: 0.9, ms: p90 },
    { share: 0.99, ms: p99 },
  ];
  return known.filter((point): point is SpectrumPoint => point.ms !== null);
}

/** Steps of the same width on the axis of nines, up to the last percentile with enough samples beyond. */
export function samplePoints(latencies: ArrayLike<number>): SpectrumPoint[] {
  const sorted = Float64Array.from(latencies).sort();
  const n = sorted.length;
  if (n < 2 * SAMPLES_BEYOND) return [];
  const end = Math.log10(n / SAMPLES_BEYOND);
  return Array.from({ length: STEPS + 1 }, (_, i) => {
    const share = 1 - 10 ** ((-end * i) / STEPS);
    const rank = Math.max(1, Math.ceil(share * n - 1e-9));
    return { share, ms: sorted[rank - 1] ?? 0 };
  });
}

/** Place of a share on the axis of nines: 0 for none, 1 for 90 %, 2 for 99 %. */
export function nines(share: number): number {
  return -Math.log10(1 - share);
}
