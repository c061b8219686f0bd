import { type Columns, makeColumns } from './columns.js';
import type { EngineOutput } from './engine-output.js';

type Times = 'start' | 'end' | 'intended';

/** One output from those of several threads: rows in start order on the clock of the first. */
export function mergeOutputs(outputs: EngineOutput[]): EngineOutput {
  const [first, ...others] = outputs;
  if (first === undefined) return nothingSent();
  if (others.length === 0) return first;
  for (const { columns, timeOrigin } of others) shiftClock(columns, timeOrigin - first.timeOrigin);
  const arrivals = outputs.flatMap((output) => output.arrivals ?? []);
  const most = (values: number[]) => Math.max(...values);
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  return {
    columns: mergeColumns(outputs.map(({ columns }) => columns)),
    loop: {
      utilization: most(outputs.map(({ loop }) => loop.utilization)),
      delayP99Ms: most(outputs.map(({ loop }) => loop.delayP99Ms)),
    },
    arrivals:
      arrivals.length === 0
        ? null
        : {
            due: sum(arrivals.map(({ due }) => due)),
            dropped: sum(arrivals.map(({ dropped }) => dropped)),
            lagP99Ms: most(arrivals.map(({ lagP99Ms }) => lagP99Ms)),
          },
    staleKeepalive: sum(outputs.map(({ staleKeepalive }) => staleKeepalive)),
    partial: outputs.some(({ partial }) => partial),
    timeOrigin: first.timeOrigin,
  };
}

/** The output of a run that was stopped before it began. */
export function nothingSent(): EngineOutput {
  return {
    columns: makeColumns(0),
    loop: { utilization: 0, delayP99Ms: 0 },
    arrivals: null,
    staleKeepalive: 0,
    partial: true,
    timeOrigin: performance.timeOrigin,
  };
}

function shiftClock(columns: Columns, shiftMs: number): void {
  for (const name of ['start', 'end', 'intended'] satisfies Times[]) {
    const column = columns[name];
    for (let i = 0; i < column.length; i++) column[i] = (column[i] ?? 0) + shiftMs;
  }
}

function mergeColumns(parts: Columns[]): Columns {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const merged = makeColumns(length, (parts[0]?.intended.length ?? 0) > 0);
  merged.length = length;
  const next = parts.map(() => 0);
  for (let row = 0; row < length; row++) {
    const from = earliest(parts, next);
    copyRow(merged, row, parts[from] as Columns, next[from] ?? 0);
    next[from] = (next[from] ?? 0) + 1;
  }
  return merged;
}

/** Which part has the earliest row that is not taken yet; the parts are few. */
function earliest(parts: Columns[], next: number[]): number {
  let best = 0;
  let bestStart = Number.POSITIVE_INFINITY;
  for (let i = 0; i < parts.length; i++) {
    const start = parts[i]?.start[next[i] ?? 0] ?? Number.POSITIVE_INFINITY;
    if (start < bestStart) [best, bestStart] = [i, start];
  }
  return best;
}

function copyRow(to: Columns, row: number, from: Columns, at: number): void {
  for (const name of ['start', 'end', 'connect', 'firstByte', 'error', 'status'] as const) {
    to[name][row] = from[name][at] ?? 0;
  }
  if (to.intended.length > 0) to.intended[row] = from.intended[at] ?? 0;
}
