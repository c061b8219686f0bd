import type { LatencySummary } from '../bench/types.js';
import { milliseconds } from './numbers.js';

/** `min … · mean … · p50 … · max …`, with the percentiles for which there are enough samples. */
export function latencyText({ n, min, mean, p50, p90, p99, max }: LatencySummary): string {
  const known = Object.entries({ p50, p90, p99 }).filter(([, value]) => value !== null) as [string, number][];
  const parts: [string, number][] = [['min', min], ['mean', mean], ...known, ['max', max]];
  const values = parts
    .map(([name, value]) => `${name} ${milliseconds(value)}`.replaceAll(' ', '\u00a0'))
    .join(' · ');
  return p99 === null ? `${values} (n\u00a0=\u00a0${n}: too small for ${tooSmallFor({ p50, p90 })})` : values;
}

function tooSmallFor({ p50, p90 }: Pick<LatencySummary, 'p50' | 'p90'>): string {
  if (p50 === null) return 'percentiles';
  return p90 === null ? 'p90, p99' : 'p99';
}
