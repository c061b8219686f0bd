/** Mean on the logarithmic scale, on which ratios are symmetrical. @param values each above 0. */
export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}
