import type { ComparedSide, CompareResult } from '../bench/compare/types.js';
import { sideRows } from './side-rows.js';
import { type Style, style } from './style.js';
import type { TextOptions } from './text.js';

const MAX_WIDTH = 80;
const MIN_WIDTH = 48;
const GAP = 2;
const LEAST_COLUMN = 10;

/** Deployments side by side, a column each, with what each was measured to do; '' without any. No final newline. */
export function sidesText(
  sides: readonly ComparedSide[],
  comparisons: readonly CompareResult[],
  options: TextOptions,
): string {
  if (sides.length === 0) return '';
  const width = Math.max(MIN_WIDTH, Math.min(options.width, MAX_WIDTH));
  const rows = sideRows(sides, comparisons);
  const names = Math.max(...rows.map(({ name }) => name.length), 'Side by side'.length) + 2;
  const wanted = (side: number) =>
    Math.max(
      LEAST_COLUMN,
      ...[{ cells: sides.map(({ label }) => label) }, ...rows].map(({ cells }) => cells[side]?.length ?? 0),
    );
  const most = Math.max(LEAST_COLUMN, Math.floor((width - names) / Math.min(sides.length, 3)) - GAP);
  const widths = sides.map((_, side) => Math.min(wanted(side), most));
  const fitting = Math.max(1, Math.floor((width - names) / (Math.max(...widths) + GAP)));
  const blocks: string[] = [];
  for (let from = 0; from < sides.length; from += fitting) {
    const shown = sides.map((_, side) => side).slice(from, from + fitting);
    blocks.push(block(shown, sides, rows, { names, widths }, style(options.color)));
  }
  return blocks.join('\n\n');
}

function block(
  shown: readonly number[],
  sides: readonly ComparedSide[],
  rows: ReturnType<typeof sideRows>,
  { names, widths }: { names: number; widths: readonly number[] },
  paint: Style,
): string {
  const cell = (text: string, side: number) =>
    ' '.repeat(GAP) + clip(text, widths[side] ?? 0).padStart(widths[side] ?? 0);
  const line = (cells: readonly string[]) => shown.map((side) => cell(cells[side] ?? '', side)).join('');
  const head = `${paint.bold('Side by side'.padEnd(names))}${paint.bold(line(sides.map(({ label }) => label)))}`;
  const body = rows.map(({ name, cells }) =>
    `  ${paint.dim(name.padEnd(names - 2))}${line(cells)}`.trimEnd(),
  );
  return [head, ...body].join('\n');
}

function clip(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}
