import type { BenchResult, GeneratorHealth, LatencySummary, ThroughputResult } from '../bench/types.js';
import { counted, milliseconds, percent, rate } from './numbers.js';
import { heading, row } from './rows.js';
import type { Style } from './style.js';

/** Requests a second against the ideal, what ab would print, latency, errors and the generator's health. */
export function throughputBlock({ throughput, s0Ms }: BenchResult, width: number, paint: Style): string[] {
  if (throughput === null) return [];
  const { ideal, efficiency, abWouldPrint, latency, errorWords, health } = throughput;
  const lines = [
    ...heading('Throughput', remark(throughput, s0Ms), width, paint),
    ...row('measured', `${rate(throughput.requestsPerSecond)} requests/s`, width, paint),
    ...row(
      'ideal',
      `${rate(ideal)} requests/s if only slots counted; reached ${percent(efficiency)}`,
      width,
      paint,
    ),
    ...row(
      'ab',
      `ab >= 2.4.33 would print ${rate(abWouldPrint)} (it sends its first request alone)`,
      width,
      paint,
    ),
    ...row('latency', latency === null ? 'no good answer' : latencyText(latency), width, paint),
  ];
  for (const words of errorWords) lines.push(...row('errors', words, width, paint));
  return [...lines, ...row('generator', healthText(health), width, paint)];
}

function remark({ requests, concurrency, keepAlive }: ThroughputResult, s0Ms: number): string {
  const connections = keepAlive ? 'kept connections' : 'a new connection each';
  return `${counted(requests, 'request')}, ${concurrency} at a time, ${connections}; unloaded ${milliseconds(s0Ms)}`;
}

function latencyText({ n, min, mean, p50, p90, p99, max }: LatencySummary): string {
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

function healthText({ loopUtilization, loopDelayP99Ms, problems, warnings }: GeneratorHealth): string {
  const state = problems.length > 0 ? 'was the limit' : warnings.length > 0 ? 'not at ease' : 'at ease';
  return `${state}: busy ${percent(loopUtilization)}, late ${milliseconds(loopDelayP99Ms)} (p99)`;
}
