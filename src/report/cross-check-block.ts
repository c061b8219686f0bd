import type { CrossCheckResult } from '../bench/cross-check/types.js';
import { counted, milliseconds, percent, rate } from './numbers.js';
import { heading, row } from './rows.js';
import { style } from './style.js';
import type { TextOptions } from './text.js';

const MAX_WIDTH = 80;
const MIN_WIDTH = 48;

/** Another tool's numbers beside ours, and how it measures otherwise. No final newline. */
export function crossCheckText(check: CrossCheckResult, options: TextOptions): string {
  const width = Math.max(MIN_WIDTH, Math.min(options.width, MAX_WIDTH));
  const paint = style(options.color);
  const { tool, requests, requestsPerSecond, expected, ratio, failed, bias } = check;
  const lost = failed > 0 ? `, ${counted(failed, 'request')} failed` : '';
  return [
    ...heading(
      'Cross-check',
      `the same load by ${tool}: ${counted(requests, 'request')}${lost}`,
      width,
      paint,
    ),
    ...row(tool, `${rate(requestsPerSecond)} requests/s`, width, paint),
    ...row(
      'expected',
      `${rate(expected)} of it, if ours are right; it shows ${percent(ratio)} of that`,
      width,
      paint,
    ),
    ...row('latency', crossLatencyText(check), width, paint),
    ...bias.flatMap((text, i) => row(i === 0 ? 'bias' : '', text, width, paint)),
  ].join('\n');
}

function crossLatencyText({ meanMs, p50Ms, p99Ms, maxMs }: CrossCheckResult): string {
  const known = Object.entries({ mean: meanMs, p50: p50Ms, p99: p99Ms, max: maxMs });
  const values = known.flatMap(([name, value]) =>
    value === null ? [] : [`${name} ${milliseconds(value)}`.replaceAll(' ', '\u00a0')],
  );
  return values.length === 0 ? 'it shows none' : values.join(' · ');
}
