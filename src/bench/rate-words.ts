/** A rate in a sentence: two decimals under 100, whole and grouped above. */
export function rateWords(value: number): string {
  return value < 100 ? value.toFixed(2) : Math.round(value).toLocaleString('en-US');
}

/** A time in a sentence: `4.2 ms`, `380 ms`. */
export function msWords(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en-US')} ms`;
}
