import type { Columns } from './columns.js';
import type { EngineOutput } from './engine-output.js';
import { ERROR_CLASSES, errorCodeOf } from './error-class.js';
import { judgeHealth, littleRatio } from './health.js';
import { summarize } from './summary.js';
import type { ErrorClass, LoadPlan, LoadResult, Samples } from './types.js';

/** From the columns of the engine's `threads` to the result: counts, exact percentiles, health. */
export function loadResult(plan: LoadPlan, output: EngineOutput, threads = 1): LoadResult {
  const { columns, arrivals } = output;
  const errors = countErrors(columns);
  const ok = columns.length - Object.values(errors).reduce((sum, count) => sum + count, 0);
  const makespanMs = makespanOf(columns);
  const ratio = errors.refused || errors.local_exhaustion ? null : littleRatio(columns, plan);
  const statuses = countStatuses(columns);
  const samples = takeSamples(columns);
  const good = (values: Float64Array) => summarize(chosen(values, samples.ok, ok));
  return {
    plan,
    sent: columns.length,
    ok,
    errors,
    makespanMs,
    requestsPerSecond: makespanMs > 0 ? (ok / makespanMs) * 1000 : 0,
    latency: good(samples.totalMs),
    connect: summarize(samples.connectMs),
    firstByte: good(samples.firstByteMs),
    statuses,
    health: {
      ...(threads > 1 ? { threads } : {}),
      ...judgeHealth(
        {
          loopUtilization: output.loop.utilization,
          loopDelayP99Ms: output.loop.delayP99Ms,
          // A client that could not connect rests a moment, and that is not the generator's fault.
          littleRatio: ratio,
          localErrors: errors.local_exhaustion ?? 0,
        },
        null,
      ),
    },
    staleKeepalive: output.staleKeepalive,
    partial: output.partial,
    ...(arrivals === null ? {} : { arrivals }),
    samples,
  };
}

/** Makes samples of the columns in place: a million rows are not held twice. The columns are used up. */
function takeSamples({ length, start, end, connect, firstByte, intended, error }: Columns): Samples {
  const first = start[0] ?? 0;
  for (let i = 0; i < length; i++) {
    end[i] = (end[i] ?? 0) - (start[i] ?? 0);
    start[i] = (start[i] ?? 0) - first;
    error[i] = error[i] === 0 ? 1 : 0;
  }
  for (let i = 0; i < intended.length; i++) intended[i] = (intended[i] ?? 0) - first;
  const samples = { startMs: start, totalMs: end, connectMs: connect, firstByteMs: firstByte, ok: error };
  return intended.length === 0 ? samples : { ...samples, intendedMs: intended };
}

function chosen(values: Float64Array, ok: Uint8Array, count: number): Float64Array {
  const result = new Float64Array(count);
  let at = 0;
  for (let i = 0; i < values.length; i++) if (ok[i] === 1) result[at++] = values[i] ?? Number.NaN;
  return result;
}

function countErrors(columns: Columns): Partial<Record<ErrorClass, number>> {
  const counts = new Array<number>(ERROR_CLASSES.length + 1).fill(0);
  for (const code of columns.error) counts[code] = (counts[code] ?? 0) + 1;
  const errors: Partial<Record<ErrorClass, number>> = {};
  for (const error of ERROR_CLASSES) {
    const count = counts[errorCodeOf(error)] ?? 0;
    if (count > 0) errors[error] = count;
  }
  return errors;
}

function countStatuses(columns: Columns): Record<string, number> {
  const counts = new Map<number, number>();
  for (const status of columns.status) if (status > 0) counts.set(status, (counts.get(status) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => a - b));
}

/** What was cut off at the deadline has no end of its own and does not stretch the makespan, unless nothing ended. */
function makespanOf(columns: Columns): number {
  const aborted = errorCodeOf('aborted_at_deadline');
  let last = 0;
  let lastAny = 0;
  for (let i = 0; i < columns.length; i++) {
    const end = columns.end[i] ?? 0;
    if (columns.error[i] !== aborted && end > last) last = end;
    if (end > lastAny) lastAny = end;
  }
  return (last > 0 ? last : lastAny) - (columns.start[0] ?? lastAny);
}
