/** A rate with three significant digits where it is small: `4.96`, `31.5`, `6,560`. */
export function rate(value: number): string {
  if (value < 10) return value.toFixed(2);
  return value < 100 ? value.toFixed(1) : whole(value);
}

/** `1,234` */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** ms with the digits that matter: `0.42 ms`, `12.3 ms`, `1,004 ms`. */
export function milliseconds(value: number): string {
  if (value < 10) return `${value.toFixed(2)} ms`;
  return value < 100 ? `${value.toFixed(1)} ms` : `${whole(value)} ms`;
}

/** `98 %` from 0.98. */
export function percent(share: number): string {
  const value = share * 100;
  return `${value > 0 && value < 1 ? value.toFixed(1) : Math.round(value)} %`;
}

/** `1 process`, `2 processes`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${whole(count)} ${count === 1 ? one : many}`;
}
