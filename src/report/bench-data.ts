import type { BenchSamples } from '../bench/bench-options.js';
import type { ComparedSide, CompareResult } from '../bench/compare/types.js';
import type { CrossCheckResult } from '../bench/cross-check/types.js';
import type { BenchEnvironment } from '../bench/environment.js';
import type { JudgedExpectation } from '../bench/threshold.js';
import type { BenchResult, Samples } from '../bench/types.js';

/** Raw samples in start order, one element a request; null where there was no such moment. */
interface RawColumns {
  /** ms since the first start. */
  startMs: (number | null)[];
  /** ms; null for a kept connection and where none came about. */
  connectMs: (number | null)[];
  /** ms from the start; null when no byte came. */
  firstByteMs: (number | null)[];
  /** ms from the start to the last byte, or to the failure. */
  totalMs: (number | null)[];
  /** 1 for a good answer. */
  ok: number[];
  /** When an open loop should have started it, on the clock of startMs. */
  intendedMs?: (number | null)[];
}

/** The `data` of `deploykit bench --json`: what was measured, of what, and where. */
export interface BenchData extends BenchResult {
  /** With what was named by --vs and --vs-target, in that order. */
  comparisons?: readonly CompareResult[];
  /** The deployments of the comparisons, what runs last. */
  sides?: readonly ComparedSide[];
  crossCheck?: CrossCheckResult;
  expectations?: readonly JudgedExpectation[];
  environment: BenchEnvironment;
  /** What the requests looked like; names of headers only. */
  request: { method: string; headers: string[]; bodyBytes: number };
  /** With --raw: of the decisive wave, and of the closed or open loop. */
  samples?: { wave: RawColumns | null; load: RawColumns | null };
}

/** The columns as plain numbers, to the microsecond. */
export function rawSamples({ wave, load }: BenchSamples): NonNullable<BenchData['samples']> {
  return { wave: wave && rawColumns(wave), load: load && rawColumns(load) };
}

function rawColumns({ startMs, connectMs, firstByteMs, totalMs, ok, intendedMs }: Samples): RawColumns {
  return {
    startMs: numbers(startMs),
    connectMs: numbers(connectMs),
    firstByteMs: numbers(firstByteMs),
    totalMs: numbers(totalMs),
    ok: [...ok],
    ...(intendedMs ? { intendedMs: numbers(intendedMs) } : {}),
  };
}

function numbers(column: Float64Array): (number | null)[] {
  return Array.from(column, (value) => (Number.isFinite(value) ? Math.round(value * 1000) / 1000 : null));
}
