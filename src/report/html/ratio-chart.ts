import type { CompareResult } from '../../bench/compare/types.js';
import { picture, plotFor, type Tick, xAxis } from './chart.js';
import { html, type Markup } from './markup.js';
import { logScale, type Scale, ticks } from './scale.js';

const ROW = 26;

/** A row a pair with its dot, and the interval of them all below. */
export function drawRatios(compare: CompareResult, id: string, width: number): Markup {
  const { pairs, theta, ratio, low, high } = compare;
  const labels = pairs.map(({ order }, i) => (order === 'B' ? `run ${i + 1}` : `pair ${i + 1} ${order}`));
  const rows = pairs.length + (low === null ? 0 : 1);
  const plot = plotFor(width, rows * ROW + 56, [...labels, 'all pairs']);
  const shown = [
    1,
    theta,
    ...pairs.map((pair) => pair.ratio),
    ...(low === null ? [] : [low]),
    ...(high === null ? [] : [high]),
  ];
  const [from, to] = [Math.min(...shown) / 1.04, Math.max(...shown) * 1.04];
  const x = logScale([from, to], [plot.left, plot.right]);
  const line = (value: number, mark: string) =>
    html`<path class="${mark}" d="M${x(value)} ${plot.top}V${plot.bottom}"/>`;
  const middle = (i: number) => plot.top + (i + 0.5) * ROW;
  return picture(plot, { id, title: 'Ratio of each pair', text: compare.reasons[0] ?? '' }, [
    xAxis(plot, ratioTicks(from, to, x, width), 'times the requests/s'),
    line(1, 'mark'),
    theta === 1 ? null : line(theta, 'bound-cpu'),
    pairs.map(
      (pair, i) =>
        html`${rowLabel(plot.left, middle(i), labels[i] ?? '')}<circle class="dot0" cx="${x(pair.ratio)}" cy="${middle(i)}" r="5"/>`,
    ),
    low === null || high === null || ratio === null
      ? null
      : html`${rowLabel(plot.left, middle(pairs.length), 'all pairs')}<path class="interval" d="M${x(low)} ${middle(pairs.length)}H${x(high)}"/>${diamond(x(ratio), middle(pairs.length))}`,
  ]);
}

function rowLabel(left: number, y: number, label: string): Markup {
  return html`<text x="${left - 8}" y="${y + 4}" text-anchor="end">${label}</text>`;
}

function diamond(x: number, y: number): Markup {
  return html`<path class="fill-ink" d="M${x - 6} ${y}L${x} ${y - 6}L${x + 6} ${y}L${x} ${y + 6}Z"/>`;
}

function ratioTicks(from: number, to: number, x: Scale, width: number): Tick[] {
  const kept: Tick[] = [];
  for (const value of ticks(from, to, width > 500 ? 8 : 4)) {
    const at = x(value);
    if (at - (kept.at(-1)?.at ?? Number.NEGATIVE_INFINITY) >= 44) kept.push({ at, label: String(value) });
  }
  return kept;
}
