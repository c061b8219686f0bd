import type { SoakPart, SoakResult } from '../../bench/types.js';
import { milliseconds, rate } from '../numbers.js';
import { figure, type LegendEntry } from './figure.js';
import { type LineSeries, lineChart } from './line-chart.js';
import type { Markup } from './markup.js';
import { section } from './section.js';

interface Trend {
  id: string;
  title: string;
  lines: { text: string; pick: (part: SoakPart) => number | null }[];
  /** With a blank before it. */
  unit: string;
  text: (value: number) => string;
}

const MIB = 1024 ** 2;

const TRENDS: Trend[] = [
  {
    id: 'soak-rate',
    title: 'Requests/s',
    lines: [{ text: 'requests/s', pick: (part) => part.requestsPerSecond }],
    unit: '',
    text: rate,
  },
  {
    id: 'soak-latency',
    title: 'Latency',
    lines: [
      { text: 'mean latency', pick: (part) => part.meanMs },
      { text: 'p99', pick: (part) => part.p99Ms },
    ],
    unit: ' ms',
    text: milliseconds,
  },
  {
    id: 'soak-memory',
    title: 'Memory',
    lines: [{ text: 'memory', pick: ({ memory }) => (memory === null ? null : memory / MIB) }],
    unit: ' MiB',
    text: (value) => `${rate(value)} MiB`,
  },
];

/** Rate, latency and memory over a long load. */
export function soakSection(soak: SoakResult | undefined): Markup | null {
  if (soak === undefined || soak.parts.length < 2) return null;
  return section(
    'soak',
    'Soak',
    soak.explanation,
    TRENDS.map((trend) => trendFigure(trend, soak)),
  );
}

function trendFigure(
  { id, title, lines, unit, text: words }: Trend,
  { parts, durationMs }: SoakResult,
): Markup | null {
  const drawn = lines
    .map(({ text, pick }, colour) => ({ text, colour, points: pointsOf(parts, pick) }))
    .filter(({ points }) => points.length > 1);
  if (drawn.length === 0) return null;
  const series: LineSeries[] = drawn;
  const ends = drawn.map(
    ({ text, points }) =>
      `${text} from ${words(points[0]?.value ?? 0)} to ${words(points.at(-1)?.value ?? 0)}`,
  );
  const chart = { id, title: `${title} over time`, text: ends.join('; '), series, unit, endMs: durationMs };
  const legend = drawn.map(
    ({ colour }, i): LegendEntry => ({ mark: `line${colour}`, shape: 'line', text: ends[i] ?? '' }),
  );
  return figure((width) => lineChart(chart, width), legend);
}

function pointsOf(parts: readonly SoakPart[], pick: (part: SoakPart) => number | null) {
  return parts.flatMap((part) => {
    const value = pick(part);
    return value === null ? [] : [{ atMs: part.atMs, value }];
  });
}
