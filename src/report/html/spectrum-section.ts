import type { LatencySummary } from '../../bench/types.js';
import { milliseconds, whole } from '../numbers.js';
import { figure } from './figure.js';
import { html, type Markup } from './markup.js';
import { section, table } from './section.js';
import { drawSpectrum } from './spectrum-chart.js';
import { type SpectrumSeries, samplePoints, summaryPoints } from './spectrum-points.js';
import type { HtmlInput } from './types.js';

const COLOURS = 5;

interface Source {
  label: string;
  summary: LatencySummary;
  samples?: ArrayLike<number> | undefined;
}

/** Latency by percentile, of every load that was run. */
export function spectrumSection(input: HtmlInput): Markup | null {
  const sources = sourcesOf(input);
  if (sources.length === 0) return null;
  const series = sources
    .map(seriesOf)
    .filter(({ points }) => points.length > 1)
    .slice(0, COLOURS);
  const legend = series.map(({ label }, i) => ({ mark: `line${i}`, shape: 'line' as const, text: label }));
  return section('latency', 'Latency', lead(input), [
    series.length === 0
      ? html`<p class="note">Too few answers for a picture: the first percentile needs 20.</p>`
      : figure((width) => drawSpectrum(series, width), legend),
    table(['', 'n', 'min', 'p50', 'p90', 'p99', 'max'], sources.map(row)),
  ]);
}

function seriesOf({ label, summary, samples }: Source): SpectrumSeries {
  return { label, points: samples === undefined ? summaryPoints(summary) : samplePoints(samples) };
}

function sourcesOf({ bench, samples, openLoop = bench.openLoop, comparisons = [] }: HtmlInput): Source[] {
  const all: {
    label: string;
    summary: LatencySummary | null | undefined;
    samples?: ArrayLike<number> | undefined;
  }[] = [
    { label: 'closed loop', summary: bench.throughput?.latency, samples: goodAnswers(samples) },
    { label: 'open loop, intended start', summary: openLoop?.latency },
    { label: 'open loop, actual start', summary: openLoop?.service },
    ...comparisons.flatMap(({ labels, latency }, i) => [
      { label: labels.a, summary: latency.a },
      // What runs is the same in all of them.
      ...(i === 0 ? [{ label: labels.b, summary: latency.b }] : []),
    ]),
  ];
  return all.filter((source): source is Source => source.summary !== null && source.summary !== undefined);
}

function goodAnswers(samples: HtmlInput['samples']): Float64Array | undefined {
  return samples?.totalMs.filter((_, i) => samples.ok[i] === 1);
}

function lead({ bench, openLoop = bench.openLoop }: HtmlInput): string {
  const base =
    'Each step to the right is a rarer answer: 90 of 100, 99 of 100, and so on. A curve ends, and a number is missing, where fewer than 10 answers lie beyond.';
  if (openLoop === undefined) return base;
  const arrivals = `The open loop sent ${whole(openLoop.rate)} requests/s without waiting for answers, as users do; a closed loop waits and so hides stalls.`;
  return `${base} ${openLoop.explanation ?? arrivals}`;
}

function row({ label, summary }: Source): string[] {
  const time = (value: number | null) => (value === null ? '–' : milliseconds(value));
  const { n, min, p50, p90, p99, max } = summary;
  return [label, whole(n), milliseconds(min), time(p50), time(p90), time(p99), milliseconds(max)];
}
