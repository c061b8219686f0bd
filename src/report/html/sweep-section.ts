import type { SweepPoint, SweepResult } from '../../bench/types.js';
import { milliseconds, rate, whole } from '../numbers.js';
import { figure, type LegendEntry } from './figure.js';
import type { Markup } from './markup.js';
import { section, table } from './section.js';
import { drawLatency, drawThroughput } from './sweep-chart.js';

/** Throughput and latency over the number of clients, with the bounds that explain their shape. */
export function sweepSection(sweep: SweepResult | undefined, s0Ms: number): Markup | null {
  if (sweep === undefined || sweep.points.length === 0) return null;
  return section('sweep', 'Throughput over concurrency', sweep.explanation, [
    figure((width) => drawThroughput(sweep, s0Ms, width), throughputLegend(sweep)),
    figure(
      (width) => drawLatency(sweep, width),
      [
        { mark: 'line0', shape: 'line', text: 'mean latency' },
        ...(sweep.points.some(({ p99Ms }) => p99Ms !== null)
          ? [{ mark: 'line1', shape: 'line', text: 'p99' } as const]
          : []),
      ],
    ),
    table(['clients', 'requests/s', 'mean', 'p99', 'cores'], sweep.points.map(row)),
  ]);
}

function throughputLegend({ bounds, knee, points }: SweepResult): LegendEntry[] {
  const entries: LegendEntry[] = [
    {
      mark: 'dot0',
      shape: 'dot',
      text: points.some((p) => p.halfWidth) ? 'measured, with 95 % interval' : 'measured',
    },
    { mark: 'bound', shape: 'dash', text: 'every client served at once' },
    { mark: 'bound-slots', shape: 'dash', text: `slots: ${rate(bounds.slots)}/s` },
  ];
  if (bounds.cpu !== null)
    entries.push({ mark: 'bound-cpu', shape: 'dash', text: `CPU: ${rate(bounds.cpu)}/s` });
  return [...entries, { mark: 'mark', shape: 'dash', text: `knee: ${whole(knee)} clients` }];
}

function row({ concurrency, requestsPerSecond, halfWidth, meanMs, p99Ms, busyCores }: SweepPoint): string[] {
  return [
    whole(concurrency),
    halfWidth === null ? rate(requestsPerSecond) : `${rate(requestsPerSecond)} ± ${rate(halfWidth)}`,
    milliseconds(meanMs),
    p99Ms === null ? '–' : milliseconds(p99Ms),
    busyCores === null ? '–' : busyCores.toFixed(1),
  ];
}
