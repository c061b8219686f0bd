import type { CrossCheckResult } from '../../bench/cross-check/types.js';
import type { ThroughputResult } from '../../bench/types.js';
import { milliseconds, percent, rate, whole } from '../numbers.js';
import { html, type Markup } from './markup.js';
import { section, table } from './section.js';

/** Another tool's numbers beside ours. */
export function crossCheckSection(
  check: CrossCheckResult | undefined,
  ours: ThroughputResult | null,
): Markup | null {
  if (check === undefined || ours === null) return null;
  const { tool, expected, ratio, bias } = check;
  const { latency } = ours;
  const time = (value: number | null | undefined) =>
    value === null || value === undefined ? '–' : milliseconds(value);
  const lead = `The same load by ${tool}. If our numbers are right it should print ${rate(expected)} requests/s; it printed ${percent(ratio)} of that.`;
  const head = ['', 'requests', 'requests/s', 'mean', 'p50', 'p99', 'max'];
  const rows = [
    [
      'deploykit',
      whole(ours.requests),
      rate(ours.requestsPerSecond),
      ...[latency?.mean, latency?.p50, latency?.p99, latency?.max].map(time),
    ],
    [
      tool,
      whole(check.requests),
      rate(check.requestsPerSecond),
      ...[check.meanMs, check.p50Ms, check.p99Ms, check.maxMs].map(time),
    ],
  ];
  return section('cross-check', 'Cross-check', lead, [
    table(head, rows),
    bias.map((text) => html`<p class="note">${text}</p>`),
  ]);
}
