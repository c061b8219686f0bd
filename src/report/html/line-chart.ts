import { picture, plotFor, polyline, type Tick, xAxis, yAxis } from './chart.js';
import { html, type Markup } from './markup.js';
import { linearScale, niceMax, ticks } from './scale.js';
import { timeAxis } from './time-axis.js';

export interface LineSeries {
  /** 0..4, the colour. */
  colour: number;
  points: readonly { atMs: number; value: number }[];
}

export interface LineChart {
  id: string;
  title: string;
  text: string;
  series: readonly LineSeries[];
  /** Of the values, e.g. `MiB`; '' for none. */
  unit: string;
  /** ms, the right end. */
  endMs: number;
}

/** Values over time, from 0 up, so that a small change looks small. */
export function lineChart({ id, title, text, series, unit, endMs }: LineChart, width: number): Markup {
  const end = niceMax(
    1.05 * Math.max(...series.flatMap(({ points }) => points.map(({ value }) => value))),
    4,
  );
  const marks = ticks(0, end, 4);
  const label = (value: number) => `${value.toLocaleString('en-US')}${value === 0 ? '' : unit}`;
  const plot = plotFor(width, width > 500 ? 200 : 180, marks.map(label));
  const x = linearScale([0, endMs], [plot.left, plot.right]);
  const y = linearScale([0, end], [plot.bottom, plot.top]);
  const axis = timeAxis(endMs);
  const times: Tick[] = ticks(0, endMs, width > 500 ? 8 : 4).map((at) => ({
    at: x(at),
    label: axis.label(at),
  }));
  const lines = series.map(({ colour, points }) => {
    const places = points.map(({ atMs, value }) => [x(atMs), y(value)] as const);
    return html`<path class="line${colour}" d="${polyline(places)}"/>`;
  });
  return picture(plot, { id, title, text }, [
    xAxis(plot, times, `time (${axis.unit})`),
    yAxis(
      plot,
      marks.map((value) => ({ at: y(value), label: label(value) })),
    ),
    lines,
  ]);
}
