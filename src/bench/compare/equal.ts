import type { RatioInterval } from './ratio-interval.js';

// What nobody chooses a deployment for.
const MARGIN = 0.05;

/** Whether the interval holds 1, and no difference of 5 % or more either way. */
export function isEqual({ low, high }: Pick<RatioInterval, 'low' | 'high'>): boolean {
  return low < 1 && high >= 1 && low > 1 / (1 + MARGIN) && high < 1 + MARGIN;
}
