import { rate } from '../numbers.js';
import { figure } from './figure.js';
import { lineChart } from './line-chart.js';
import type { Markup } from './markup.js';
import { section } from './section.js';
import { timeline } from './timeline.js';
import type { HtmlInput } from './types.js';

/** Answers/s of the closed loop over its time. */
export function timelineSection({ bench, samples }: HtmlInput): Markup | null {
  const bins = samples === undefined ? [] : timeline(samples, bench.s0Ms);
  if (bins.length === 0) return null;
  const failed = bins.some((bin) => bin.failed > 0);
  const series = [
    { colour: 0, points: bins.map(({ atMs, good }) => ({ atMs, value: good })) },
    ...(failed ? [{ colour: 1, points: bins.map(({ atMs, failed }) => ({ atMs, value: failed })) }] : []),
  ];
  const speeds = bins.map(({ good }) => good);
  const text = `Between ${rate(Math.min(...speeds))} and ${rate(Math.max(...speeds))} good answers/s over the run.`;
  const endMs = (bins.at(-1)?.atMs ?? 0) + (bins[0]?.atMs ?? 0);
  const chart = { id: 'timeline', title: 'Answers/s over time', text, series, unit: '', endMs };
  return section(
    'over-time',
    'Over time',
    text,
    figure(
      (width) => lineChart(chart, width),
      [
        { mark: 'line0', shape: 'line', text: 'good answers/s' },
        ...(failed ? [{ mark: 'line1', shape: 'line', text: 'failed/s' } as const] : []),
      ],
    ),
  );
}
