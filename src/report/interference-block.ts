import type { BenchResult, PathLoad } from '../bench/types.js';
import { healthText } from './health-text.js';
import { milliseconds, percent, rate } from './numbers.js';
import { heading, row } from './rows.js';
import type { Style } from './style.js';

/** One path alone and beside another. */
export function interferenceBlock({ interference }: BenchResult, width: number, paint: Style): string[] {
  if (interference === undefined) return [];
  const { path, withPath, concurrency, alone, together, other, ratio, health } = interference;
  const remark = `${path} (${concurrency.path} clients) while ${withPath} is loaded (${concurrency.withPath})`;
  return [
    ...heading('Interference', remark, width, paint),
    ...row('alone', loadText(alone), width, paint),
    ...row('together', `${loadText(together)}: ${percent(ratio)} of the rate`, width, paint),
    ...row('the other', loadText(other), width, paint),
    ...row('generator', healthText(health), width, paint),
  ];
}

function loadText({ requestsPerSecond, latency }: PathLoad): string {
  const known = Object.entries({ p50: latency?.p50, p99: latency?.p99 }).flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [`${name} ${milliseconds(value)}`],
  );
  return [`${rate(requestsPerSecond)} requests/s`, ...known].join(' · ');
}
