/** How times up to `endMs` are written: in seconds from 2 s on. */
export function timeAxis(endMs: number): { unit: 'ms' | 's'; label: (ms: number) => string } {
  if (endMs >= 2_000) return { unit: 's', label: (ms) => String(Number((ms / 1000).toPrecision(6))) };
  return { unit: 'ms', label: (ms) => Number(ms.toPrecision(6)).toLocaleString('en-US') };
}
