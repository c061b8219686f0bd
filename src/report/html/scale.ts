/** From a value to a place in pixels. */
export type Scale = (value: number) => number;

export function linearScale([v0, v1]: [number, number], [p0, p1]: [number, number]): Scale {
  const perUnit = (p1 - p0) / (v1 - v0 || 1);
  return (value) => p0 + (value - v0) * perUnit;
}

/** Values above 0 only. */
export function logScale([v0, v1]: [number, number], pixels: [number, number]): Scale {
  const linear = linearScale([Math.log(v0), Math.log(v1)], pixels);
  return (value) => linear(Math.log(value));
}

/** About `count` round values from `low` to `high`, steps of 1, 2 or 5 times a power of ten. */
export function ticks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / Math.max(1, count);
  if (!(rough > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((multiple) => multiple * power >= rough * 0.999) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}

/** The end of an axis that starts at 0: the next round value above `max`. */
export function niceMax(max: number, count: number): number {
  if (!(max > 0)) return 1;
  const [, step = max] = ticks(0, max, count);
  return Math.ceil(max / step - 1e-9) * step;
}
