import type { BenchResult } from '../bench/types.js';

/** The result as plain JSON data: what `JSON.stringify` keeps, and no NaN or infinite number in it. */
export function benchJson(result: BenchResult): Record<string, unknown> {
  return plain(result) as Record<string, unknown>;
}

function plain(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries.map(([name, member]) => [name, plain(member)]));
}
