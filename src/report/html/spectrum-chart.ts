import { milliseconds } from '../numbers.js';
import { picture, plotFor, polyline, xAxis, yAxis } from './chart.js';
import { html, type Markup } from './markup.js';
import { linearScale, niceMax, ticks } from './scale.js';
import { nines, type SpectrumSeries } from './spectrum-points.js';
import { timeAxis } from './time-axis.js';

const SHARES: [number, string][] = [
  [0, '0'],
  [0.5, '50 %'],
  [0.9, '90 %'],
  [0.99, '99 %'],
  [0.999, '99.9 %'],
  [0.9999, '99.99 %'],
  [0.99999, '99.999 %'],
];
// Where few points stand, they are shown; a dense curve speaks for itself.
const FEW = 10;

/** Latency over the percentile, the axis stretched so that each further nine has the same room. */
export function drawSpectrum(series: readonly SpectrumSeries[], width: number): Markup {
  const all = series.flatMap(({ points }) => points);
  const lastNine = Math.max(0.302, ...all.map(({ share }) => nines(share)));
  const end = niceMax(1.05 * Math.max(...all.map(({ ms }) => ms)), 5);
  const axis = timeAxis(end);
  const marks = ticks(0, end, 5);
  const labels = marks.map((value) => (value === 0 ? '0' : `${axis.label(value)} ${axis.unit}`));
  const plot = plotFor(width, width > 500 ? 300 : 240, labels);
  const x = linearScale([0, lastNine], [plot.left, plot.right - 14]);
  const y = linearScale([0, end], [plot.bottom, plot.top]);
  const shares = SHARES.filter(([share]) => nines(share) <= lastNine + 1e-9);
  const curves = series.map(({ points }, i) => {
    const places = points.map(({ share, ms }) => [x(nines(share)), y(ms)] as const);
    const dots = points.length <= FEW ? places : [];
    return html`<path class="line${i}" d="${polyline(places)}"/>${dots.map(([px, py]) => html`<circle class="dot${i}" cx="${px}" cy="${py}" r="3.5"/>`)}`;
  });
  return picture(plot, { id: 'spectrum', title: 'Latency by percentile', text: description(series) }, [
    xAxis(
      plot,
      shares.map(([share, label]) => ({ at: x(nines(share)), label })),
      'share of the answers',
    ),
    yAxis(
      plot,
      marks.map((value, i) => ({ at: y(value), label: labels[i] ?? '' })),
    ),
    curves,
  ]);
}

function description(series: readonly SpectrumSeries[]): string {
  return series
    .filter(({ points }) => points.length > 0)
    .map(({ label, points }) => {
      const last = points.at(-1);
      return `${label}: up to ${milliseconds(last?.ms ?? 0)} at ${((last?.share ?? 0) * 100).toFixed(2)} %`;
    })
    .join('; ');
}
