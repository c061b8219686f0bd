import { type Fill, html, type Markup } from './markup.js';

/** The drawing area inside a picture; pixels. */
export interface Plot {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface Tick {
  at: number;
  label: string;
}

// Of the 12 px labels in a wide font.
const LETTER = 7.6;

/** A plot whose left margin holds the given labels of its vertical axis. */
export function plotFor(width: number, height: number, labels: readonly string[]): Plot {
  const longest = Math.max(0, ...labels.map((label) => label.length));
  return {
    width,
    height,
    left: Math.ceil(longest * LETTER) + 10,
    right: width - 22,
    top: 10,
    bottom: height - 40,
  };
}

/** Title and description are read out instead of the picture. */
export function picture(
  { width, height }: Pick<Plot, 'width' | 'height'>,
  { id, title, text }: { id: string; title: string; text: string },
  body: Fill,
): Markup {
  const name = `${id}-${width}`;
  return html`<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="${name}-t ${name}-d"><title id="${name}-t">${title}</title><desc id="${name}-d">${text}</desc>${body}</svg>`;
}

/** Labels below, a hairline each, and the axis' name under them. */
export function xAxis({ left, right, top, bottom }: Plot, marks: readonly Tick[], name: string): Markup {
  const lines = marks.map(({ at }) => html`<path class="grid" d="M${at} ${top}V${bottom}"/>`);
  const labels = marks.map(
    ({ at, label }) => html`<text x="${at}" y="${bottom + 16}" text-anchor="middle">${label}</text>`,
  );
  return html`${lines}<path class="axis" d="M${left} ${bottom}H${right}"/>${labels}<text class="name" x="${right}" y="${bottom + 33}" text-anchor="end">${name}</text>`;
}

/** Labels at the left, a hairline each. */
export function yAxis({ left, right }: Plot, marks: readonly Tick[]): Markup {
  return html`${marks.map(
    ({ at, label }) =>
      html`<path class="grid" d="M${left} ${at}H${right}"/><text x="${left - 8}" y="${at + 4}" text-anchor="end">${label}</text>`,
  )}`;
}

/** `M1 2L3 4` */
export function polyline(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
}
