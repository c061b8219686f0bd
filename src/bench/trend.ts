const MIN_VALUES = 4;

/**
 * How much a straight line through equally spaced values rises from the first to the last, relative to its beginning:
 * 0.1 = 10 % more. Null when a value is missing or there are fewer than four.
 */
export function relativeTrend(values: readonly (number | null)[]): number | null {
  const known = values.filter((value): value is number => value !== null);
  const n = known.length;
  if (n < MIN_VALUES || n < values.length) return null;
  const middle = (n - 1) / 2;
  const mean = known.reduce((sum, value) => sum + value, 0) / n;
  const slope =
    known.reduce((sum, value, i) => sum + (i - middle) * (value - mean), 0) /
    known.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
  const first = mean - slope * middle;
  return first > 0 ? (slope * (n - 1)) / first : null;
}
