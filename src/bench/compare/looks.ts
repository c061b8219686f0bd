/** How many pairs a comparison takes. */
export interface PairBudget {
  /** Pairs before the first look. */
  first: number;
  /** Pairs at which it ends undecided; the same as `first` when it is never extended. */
  most: number;
}

/** Pairs added after a look that decided nothing. */
export const PAIRS_A_STEP = 2;

// The chance of a wrong "different" over all looks together.
const ALPHA = 0.05;

/**
 * Confidence of the interval at each look. Looking again until something shows would inflate the chance of an error,
 * so that all looks share it (Bonferroni): 3 pairs extended to 11 are 5 looks at 0.99 (bench.md §5c); no extension,
 * one look at 0.95.
 */
export function lookConfidence({ first, most }: PairBudget): number {
  const looks = 1 + Math.ceil(Math.max(0, most - first) / PAIRS_A_STEP);
  return 1 - ALPHA / looks;
}
