import type { CompareResult } from '../bench/compare/types.js';
import type { Style } from './style.js';

const LABEL = 11;
const VALUE = 7;

interface Axis {
  columns: number;
  place(ratio: number): number;
}

/**
 * A line a pair with its dot on a logarithmic axis, then the interval of all pairs:
 * `all pairs   │      ├──◆──┤   1.67`. `│` stands at 1, `┊` at the ratio asked for.
 */
export function ratioDots(result: CompareResult, width: number, paint: Style): string[] {
  const axis = axisOf(result, width - LABEL - VALUE);
  const line = (label: string, cells: string[], ratio: number, emphasis: (text: string) => string) =>
    `${paint.dim(label.padEnd(LABEL))}${painted(cells, paint, emphasis)}${ratio.toFixed(2).padStart(VALUE)}`;
  const pairs = result.pairs.map(({ ratio, order }, i) => {
    const cells = empty(result, axis);
    cells[axis.place(ratio)] = '●';
    const name = order === 'B' ? `run ${i + 1}` : `pair ${i + 1} ${order}`;
    return line(name, cells, ratio, (text) => text);
  });
  const { ratio, low, high } = result;
  if (ratio === null || low === null || high === null) return [...pairs, scale(result, axis, paint)];
  const all = line(
    result.base === 'live' ? 'all pairs' : 'all runs',
    interval(empty(result, axis), axis, { ratio, low, high }),
    ratio,
    paint.bold,
  );
  return [...pairs, all, scale(result, axis, paint)];
}

function axisOf({ pairs, theta, low, high }: CompareResult, columns: number): Axis {
  const shown = [1, theta, ...pairs.map(({ ratio }) => ratio), low ?? 1, high ?? 1].map(Math.log);
  const [from, to] = [Math.min(...shown), Math.max(...shown)];
  const perColumn = (columns - 1) / (to - from || 1);
  return { columns, place: (ratio) => Math.round((Math.log(ratio) - from) * perColumn) };
}

function empty({ theta }: CompareResult, { columns, place }: Axis): string[] {
  const cells = new Array<string>(columns).fill(' ');
  cells[place(theta)] = '┊';
  cells[place(1)] = '│';
  return cells;
}

function interval(
  cells: string[],
  { place }: Axis,
  { ratio, low, high }: { ratio: number; low: number; high: number },
): string[] {
  for (let i = place(low); i <= place(high); i++) cells[i] = '─';
  cells[place(low)] = '├';
  cells[place(high)] = '┤';
  cells[place(ratio)] = '◆';
  return cells;
}

/** The two lines that matter, named under the picture. */
function scale({ theta }: CompareResult, { columns, place }: Axis, paint: Style): string {
  const cells = new Array<string>(columns + VALUE).fill(' ');
  const write = (text: string, at: number) => {
    const start = Math.max(0, Math.min(cells.length - text.length, at - Math.floor(text.length / 2)));
    const free = cells.slice(Math.max(0, start - 1), start + text.length + 1).every((cell) => cell === ' ');
    if (free) cells.splice(start, text.length, ...text);
  };
  write(theta === 1 ? '1' : `${theta} asked for`, place(theta));
  write('1', place(1));
  return paint.dim(`${' '.repeat(LABEL)}${cells.join('')}`.trimEnd());
}

function painted(cells: readonly string[], paint: Style, emphasis: (text: string) => string): string {
  return cells
    .map((cell) => (/[│┊]/.test(cell) ? paint.dim(cell) : cell === ' ' ? cell : emphasis(cell)))
    .join('');
}
