import type { Columns } from './columns.js';
import type { EngineOutput } from './engine.js';
import { ERROR_CLASSES, errorCodeOf } from './error-class.js';
import { judgeHealth, littleRatio } from './health.js';
import { summarize } from './summary.js';
import type { ErrorClass, LoadPlan, LoadResult, Samples } from './types.js';

/** From the engine's columns to the result: counts, exact percentiles, health. */
export function loadResult(plan: LoadPlan, output: EngineOutput): LoadResult {
  const { columns } = output;
  const samples = samplesOf(columns);
  const errors = countErrors(columns);
  const ok = columns.length - Object.values(errors).reduce((sum, count) => sum + count, 0);
  const makespanMs = makespanOf(columns);
  const good = (values: Float64Array) => summarize(values.filter((_, i) => samples.ok[i] === 1));
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
    statuses: countStatuses(columns),
    health: judgeHealth(
      {
        loopUtilization: output.loop.utilization,
        loopDelayP99Ms: output.loop.delayP99Ms,
        // A client that could not connect rests a moment, and that is not the generator's fault.
        littleRatio: errors.refused || errors.local_exhaustion ? null : littleRatio(columns, plan),
        localErrors: errors.local_exhaustion ?? 0,
      },
      null,
    ),
    staleKeepalive: output.staleKeepalive,
    partial: output.partial,
    samples,
  };
}

function samplesOf(columns: Columns): Samples {
  const first = columns.start[0] ?? 0;
  return {
    startMs: columns.start.map((value) => value - first),
    totalMs: columns.end.map((value, i) => value - (columns.start[i] ?? 0)),
    connectMs: columns.connect,
    firstByteMs: columns.firstByte,
    ok: columns.error.map((code) => (code === 0 ? 1 : 0)),
  };
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
