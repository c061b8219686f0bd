import { type Fill, html, type Markup } from './markup.js';

/** Widths in pixels a picture is drawn at: for a page and for a phone, so that its letters stay readable on both. */
const WIDE = 720;
const NARROW = 330;

export interface LegendEntry {
  /** Class of the mark in the picture. */
  mark: string;
  shape: 'line' | 'dash' | 'box' | 'dot';
  text: string;
}

/** A picture drawn for both widths, of which the page shows one; its legend below as text. */
export function figure(draw: (width: number) => Fill, legend: readonly LegendEntry[] = []): Markup {
  return html`<figure><div class="wide">${draw(WIDE)}</div><div class="narrow">${draw(NARROW)}</div>${
    legend.length === 0 ? null : html`<figcaption>${legend.map(entry)}</figcaption>`
  }</figure>`;
}

function entry({ mark, shape, text }: LegendEntry): Markup {
  const drawn = {
    line: html`<path class="${mark}" d="M1 6H23"/>`,
    dash: html`<path class="${mark}" d="M1 6H23"/>`,
    box: html`<rect class="${mark}" x="6" y="1" width="12" height="10"/>`,
    dot: html`<circle class="${mark}" cx="12" cy="6" r="4"/>`,
  }[shape];
  return html`<span class="key"><svg viewBox="0 0 24 12" width="24" height="12" aria-hidden="true">${drawn}</svg>${text}</span>`;
}
