import { picture } from './chart.js';
import { html, type Markup } from './markup.js';

export interface BarRow {
  label: string;
  /** Length; at least 0. */
  size: number;
  /** Printed at the end of the bar. */
  value: string;
  /** Class of the bar. */
  mark: string;
}

const ROW = 30;
// Of the 12 px labels in a wide font.
const LETTER = 7.6;

/** Bars one below the other, the longest as wide as there is room. */
export function barRows(
  rows: readonly BarRow[],
  width: number,
  names: { id: string; title: string },
  whole = Math.max(...rows.map(({ size }) => size)),
): Markup {
  const letters = (texts: string[]) => Math.ceil(Math.max(0, ...texts.map((text) => text.length)) * LETTER);
  const left = letters(rows.map(({ label }) => label)) + 10;
  const room = width - left - letters(rows.map(({ value }) => value)) - 12;
  const bars = rows.map(({ label, size, value, mark }, i) => {
    const length = Math.max(2, (size / (whole || 1)) * room);
    const y = i * ROW + 4;
    return html`<text x="${left - 10}" y="${y + 15}" text-anchor="end">${label}</text><rect class="${mark}" x="${left}" y="${y}" width="${length}" height="20" rx="2"/><text class="value" x="${left + length + 6}" y="${y + 15}">${value}</text>`;
  });
  const text = rows.map(({ label, value }) => `${label}: ${value}`).join(', ');
  return picture({ width, height: rows.length * ROW + 6 }, { ...names, text }, bars);
}
