import type { SweepPoint, SweepResult } from '../../bench/types.js';
import { rate, whole } from '../numbers.js';
import { type Plot, picture, plotFor, polyline, type Tick, xAxis, yAxis } from './chart.js';
import { html, type Markup } from './markup.js';
import { linearScale, logScale, niceMax, type Scale, ticks } from './scale.js';
import { timeAxis } from './time-axis.js';

const STEPS = 48;

/** Requests/s over clients: points with their intervals under the lines they cannot cross. */
export function drawThroughput(
  { points, bounds, knee, explanation }: SweepResult,
  s0Ms: number,
  width: number,
): Markup {
  const highest = Math.max(...points.map((p) => p.requestsPerSecond + (p.halfWidth ?? 0)));
  // A bound far above everything measured would press the points flat; the legend has its number.
  const near = [bounds.slots, bounds.cpu ?? 0].filter((bound) => bound < 2 * highest);
  const end = niceMax(1.05 * Math.max(highest, ...near), 5);
  const marks = ticks(0, end, 5);
  const plot = plotFor(width, width > 500 ? 320 : 260, marks.map(whole));
  const x = clientScale(points, plot);
  const y = linearScale([0, end], [plot.bottom, plot.top]);
  const level = (bound: number | null, mark: string) =>
    bound === null || bound > end
      ? null
      : html`<path class="${mark}" d="M${plot.left} ${y(bound)}H${plot.right}"/>`;
  const inside = knee >= (points[0]?.concurrency ?? 1) && knee <= (points.at(-1)?.concurrency ?? 0);
  return picture(plot, { id: 'sweep', title: 'Requests/s over clients', text: explanation }, [
    xAxis(plot, clientTicks(points, x, width), 'clients'),
    yAxis(
      plot,
      marks.map((value) => ({ at: y(value), label: whole(value) })),
    ),
    html`<path class="bound" d="${slope(points, s0Ms, end, x, y)}"/>`,
    level(bounds.slots, 'bound-slots'),
    level(bounds.cpu, 'bound-cpu'),
    inside ? html`<path class="mark" d="M${x(knee)} ${plot.top}V${plot.bottom}"/>` : null,
    html`<path class="line0" d="${polyline(points.map((p) => [x(p.concurrency), y(p.requestsPerSecond)]))}"/>`,
    points.map((p) => dot(p, x(p.concurrency), y)),
  ]);
}

/** Mean latency and p99 over clients. */
export function drawLatency({ points }: SweepResult, width: number): Markup {
  const end = niceMax(1.05 * Math.max(...points.map((p) => Math.max(p.meanMs, p.p99Ms ?? 0))), 4);
  const axis = timeAxis(end);
  const marks = ticks(0, end, 4);
  const labels = marks.map((value) => (value === 0 ? '0' : `${axis.label(value)} ${axis.unit}`));
  const plot = plotFor(width, 220, labels);
  const x = clientScale(points, plot);
  const y = linearScale([0, end], [plot.bottom, plot.top]);
  const tails = points.filter((p) => p.p99Ms !== null);
  const series = (mark: string, values: [number, number][]) => [
    html`<path class="line${mark}" d="${polyline(values)}"/>`,
    values.map(([px, py]) => html`<circle class="dot${mark}" cx="${px}" cy="${py}" r="3.5"/>`),
  ];
  return picture(plot, { id: 'sweep-latency', title: 'Latency over clients', text: latencyText(points) }, [
    xAxis(plot, clientTicks(points, x, width), 'clients'),
    yAxis(
      plot,
      marks.map((value, i) => ({ at: y(value), label: labels[i] ?? '' })),
    ),
    series(
      '0',
      points.map((p) => [x(p.concurrency), y(p.meanMs)]),
    ),
    series(
      '1',
      tails.map((p) => [x(p.concurrency), y(p.p99Ms ?? 0)]),
    ),
  ]);
}

function clientScale(points: readonly SweepPoint[], plot: Plot): Scale {
  const from = points[0]?.concurrency ?? 1;
  const to = Math.max(from + 1, points.at(-1)?.concurrency ?? 1);
  return logScale([from, to], [plot.left + 8, plot.right - 8]);
}

/** The measured numbers of clients, left out where their labels would touch. */
function clientTicks(points: readonly SweepPoint[], x: Scale, width: number): Tick[] {
  const kept: Tick[] = [];
  const apart = width > 500 ? 38 : 34;
  for (const { concurrency } of points) {
    const at = x(concurrency);
    if (at - (kept.at(-1)?.at ?? Number.NEGATIVE_INFINITY) >= apart)
      kept.push({ at, label: whole(concurrency) });
  }
  return kept;
}

/** c / S0, up to the top of the picture. */
function slope(points: readonly SweepPoint[], s0Ms: number, end: number, x: Scale, y: Scale): string {
  const from = points[0]?.concurrency ?? 1;
  const to = Math.min(points.at(-1)?.concurrency ?? from, (end * s0Ms) / 1000);
  const at = (i: number) => from * (to / from) ** (i / STEPS);
  return to <= from
    ? ''
    : polyline(Array.from({ length: STEPS + 1 }, (_, i) => [x(at(i)), y((at(i) / s0Ms) * 1000)]));
}

function dot({ requestsPerSecond, halfWidth }: SweepPoint, at: number, y: Scale): Markup {
  const bar =
    halfWidth === null
      ? null
      : html`<path class="whisker" d="M${at} ${y(requestsPerSecond + halfWidth)}V${y(Math.max(0, requestsPerSecond - halfWidth))}"/>`;
  return html`${bar}<circle class="dot0" cx="${at}" cy="${y(requestsPerSecond)}" r="4"/>`;
}

function latencyText(points: readonly SweepPoint[]): string {
  return points.map((p) => `${whole(p.concurrency)} clients: ${rate(p.meanMs)} ms`).join(', ');
}
