// t(0.975, df) for df = 1..9; more batches than ten are not made.
const T = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];

/** Half-width of the 95 % interval of the mean of 2 to 10 independent values; null for fewer or more. */
export function meanHalfWidth(values: readonly number[]): number | null {
  const n = values.length;
  const t = T[n - 2];
  if (t === undefined) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return t * Math.sqrt(squares / (n - 1) / n);
}
