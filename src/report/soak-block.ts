import type { BenchResult, SoakPart } from '../bench/types.js';
import { healthText } from './health-text.js';
import { counted, milliseconds, rate } from './numbers.js';
import { heading, row } from './rows.js';
import type { Style } from './style.js';

const STEPS = '▁▂▃▄▅▆▇█';

/** Rate, latency and memory from part to part of a long load. */
export function soakBlock({ soak }: BenchResult, width: number, paint: Style): string[] {
  if (soak === undefined) return [];
  const { parts, durationMs, concurrency, health } = soak;
  const load = soak.rate === null ? `${counted(concurrency, 'client')}` : `${rate(soak.rate)} requests/s`;
  const remark = `${load} for ${rate(durationMs / 1000)} s in ${counted(parts.length, 'part')}`;
  return [
    ...heading('Soak', remark, width, paint),
    ...trendRow(
      'rate',
      parts,
      (part) => part.requestsPerSecond,
      (value) => `${rate(value)}/s`,
    ),
    ...trendRow('mean', parts, (part) => part.meanMs, milliseconds),
    ...trendRow('p99', parts, (part) => part.p99Ms, milliseconds),
    ...trendRow(
      'memory',
      parts,
      (part) => part.memory,
      (value) => `${rate(value / 1024 ** 2)} MiB`,
    ),
    ...row('generator', healthText(health), width, paint),
  ];

  function trendRow(
    label: string,
    all: SoakPart[],
    pick: (part: SoakPart) => number | null,
    text: (value: number) => string,
  ): string[] {
    const values = all.map(pick).filter((value): value is number => value !== null);
    const [first, last] = [values[0], values.at(-1)];
    if (first === undefined || last === undefined) return [];
    return row(label, `${sparkline(values)}  ${text(first)} → ${text(last)}`, width, paint);
  }
}

/** From zero, so that a small change looks small. */
function sparkline(values: number[]): string {
  const most = Math.max(...values);
  const step = (value: number) => (most > 0 ? Math.round((value / most) * (STEPS.length - 1)) : 0);
  return values.map((value) => STEPS[step(value)] ?? '').join('');
}
