import type { BenchResult, ThroughputResult } from '../bench/types.js';
import { healthText } from './health-text.js';
import { latencyText } from './latency-text.js';
import { counted, milliseconds, percent, rate } from './numbers.js';
import { heading, row } from './rows.js';
import type { Style } from './style.js';

/** Requests a second against the ideal, what ab would print, latency, errors and the generator's health. */
export function throughputBlock({ throughput, s0Ms }: BenchResult, width: number, paint: Style): string[] {
  if (throughput === null) return [];
  const { ideal, efficiency, abWouldPrint, latency, errorWords, health } = throughput;
  const lines = [
    ...heading('Throughput', remark(throughput, s0Ms), width, paint),
    ...row('measured', measured(throughput), width, paint),
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
  if (throughput.steady) lines.push(...row('warm-up', throughput.steady.text, width, paint));
  for (const words of errorWords) lines.push(...row('errors', words, width, paint));
  return [...lines, ...row('generator', healthText(health), width, paint)];
}

function measured({ requestsPerSecond, steady }: ThroughputResult): string {
  const halfWidth = steady?.halfWidth ?? null;
  const sure = halfWidth === null ? '' : ` ± ${rate(halfWidth)} (95 %)`;
  return `${rate(requestsPerSecond)}${sure} requests/s`;
}

function remark({ requests, concurrency, keepAlive }: ThroughputResult, s0Ms: number): string {
  const connections = keepAlive ? 'kept connections' : 'a new connection each';
  return `${counted(requests, 'request')}, ${concurrency} at a time, ${connections}; unloaded ${milliseconds(s0Ms)}`;
}
