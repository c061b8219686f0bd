import type { ComparedSide, CompareResult, CrowdResult } from '../bench/compare/types.js';
import { milliseconds, rate, whole } from './numbers.js';

/** One line of the table in which deployments stand side by side. */
export interface SideRow {
  name: string;
  /** One a side. */
  cells: string[];
}

const NONE = '–';

/** What each side was measured to do; a row that no side has is left out. The last side is the one that runs. */
export function sideRows(sides: readonly ComparedSide[], comparisons: readonly CompareResult[]): SideRow[] {
  const of = (name: string, cell: (side: ComparedSide, i: number) => string): SideRow => ({
    name,
    cells: sides.map(cell),
  });
  const running = sides.at(-1)?.label ?? '';
  const rows = [
    of('slots', ({ claim: { processes, perProcess } }) => `${processes} × ${perProcess}`),
    of('slots proven', provenText),
    of(`requests/s, ${loadName(sides)}`, ({ load }) => (load ? rate(load.requestsPerSecond) : NONE)),
    ...(sides.some(({ load }) => load && abMisleads(load))
      ? [of('ab would print', ({ load }) => (load ? rate(load.abWouldPrint) : NONE))]
      : []),
    of(`requests/s, ${crowdName(sides)}`, ({ crowd }) => (crowd ? rate(crowd.requestsPerSecond) : NONE)),
    of('p50', (side) => percentile(side, 'p50', 0.5)),
    of('p99', (side) => percentile(side, 'p99', 0.99)),
    of('memory', ({ memory }) => (memory === null ? NONE : mebibytes(memory))),
    of('memory a slot', ({ memory, claim }) => (memory === null ? NONE : mebibytes(memory / claim.slots))),
    of(`${running} serves`, (_, i) => ratioText(comparisons[i])),
    of('interval', (_, i) => intervalText(comparisons[i])),
  ];
  return rows.filter(({ cells }) => cells.some((cell) => cell !== NONE));
}

// Where there are many requests a client, what ab does with its first one hardly shows.
function abMisleads({ abWouldPrint, requestsPerSecond }: NonNullable<ComparedSide['load']>): boolean {
  return abWouldPrint < 0.98 * requestsPerSecond;
}

/** `-n 10 -c 5` where all had the same load. */
function loadName(sides: readonly ComparedSide[]): string {
  const names = new Set(
    sides.flatMap(({ load }) => (load ? [`-n ${load.requests} -c ${load.concurrency}`] : [])),
  );
  return names.size === 1 ? ([...names][0] ?? '') : 'closed loop';
}

function crowdName(sides: readonly ComparedSide[]): string {
  const crowd = sides.find((side) => side.crowd)?.crowd;
  return crowd ? `${whole(crowd.concurrency)} clients` : '';
}

function provenText({ wave }: ComparedSide): string {
  if (wave === null || wave.verdict === 'INVALID') return NONE;
  return `${wave.verdict === 'INCONCLUSIVE' ? '≥ ' : ''}${whole(wave.effectiveConcurrency)}`;
}

/** Of the crowd where there was one; a lower bound where too many still waited at its end. */
function percentile({ crowd, load }: ComparedSide, key: 'p50' | 'p99', p: number): string {
  if (crowd && stillWaiting(crowd) > 1 - p) return `> ${seconds(crowd.durationMs)}`;
  const value = (crowd ?? load)?.latency?.[key] ?? null;
  return value === null ? NONE : milliseconds(value);
}

/** Share of the requests that were started at once and got no answer until the end: each answer frees one client. */
function stillWaiting({ concurrency, sent, latency }: CrowdResult): number {
  return Math.max(0, concurrency - (latency?.n ?? 0)) / Math.max(1, sent);
}

function seconds(ms: number): string {
  return `${Number((ms / 1000).toPrecision(2))} s`;
}

function mebibytes(bytes: number): string {
  return `${rate(bytes / 1024 ** 2)} MiB`;
}

function ratioText(compare: CompareResult | undefined): string {
  return compare?.ratio == null ? NONE : `${compare.ratio.toFixed(2)} ×`;
}

function intervalText(compare: CompareResult | undefined): string {
  if (compare?.low == null || compare.high === null) return NONE;
  return `${compare.low.toFixed(2)}…${compare.high.toFixed(2)}`;
}
