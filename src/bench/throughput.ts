import { isLocal } from './address.js';
import type { BenchOptions } from './bench-options.js';
import { watchBusyCores } from './busy-cores.js';
import { errorWords } from './error-words.js';
import { abMakespanMs, idealMakespanMs, idealRequestsPerSecond } from './expected.js';
import { pilotClients } from './pilot.js';
import { runThreaded } from './run-threaded.js';
import { steadyState } from './steady-state.js';
import { closedPlan, type Target } from './target.js';
import { throughputShape } from './throughput-shape.js';
import type { LoadResult, Samples, ThroughputResult } from './types.js';

/** What is known about the server when throughput is measured. */
export interface Known {
  s0Ms: number;
  /** Slots it has: measured where the wave test ran on this path, else claimed. */
  slots: number;
  /** The wave test has shown these slots on this path. */
  proven: boolean;
}

interface ThroughputRun {
  result: ThroughputResult;
  samples: Samples;
}

// A saturated generator is no measure of the server; with fewer clients it may be at ease (bench.md §5c: redo once).
const FEWER_CLIENTS = 4;
const REDOS = 4;
const QUEUE_DEPTH = 4;

/**
 * Loads the user's path in a closed loop. Where the user named no load, fewer clients are taken when the path or the
 * generator cannot keep up with as many as there are slots.
 */
export async function throughput(
  options: BenchOptions,
  target: Target,
  known: Known,
): Promise<ThroughputRun> {
  let run = await measure(options, target, known, await firstClients(options, target, known));
  for (let redo = 0; redo < REDOS && mayRedo(options, target, run.result); redo++) {
    const { concurrency, requestsPerSecond } = run.result;
    const reducedFrom = run.result.reducedFrom ?? { concurrency, requestsPerSecond };
    const fewer = await measure(options, target, known, Math.ceil(concurrency / FEWER_CLIENTS));
    run = { ...fewer, result: { ...fewer.result, reducedFrom } };
  }
  return run;
}

async function firstClients(options: BenchOptions, target: Target, known: Known): Promise<number> {
  const { requests, concurrency, durationMs } = options;
  const shape = throughputShape({ requests, concurrency, durationMs }, known);
  const named = requests !== undefined || concurrency !== undefined || durationMs !== undefined;
  if (named || known.proven) return shape.concurrency;
  // More clients than the slots it has, to show what is missing; not so many that they only queue.
  const refuted = known.slots < options.claim.slots;
  if (refuted) return Math.min(options.claim.slots, QUEUE_DEPTH * shape.concurrency);
  return await pilotClients(options, target, known.s0Ms, shape.concurrency);
}

function mayRedo(options: BenchOptions, { signal }: Target, result: ThroughputResult): boolean {
  const asked = options.concurrency !== undefined;
  return !asked && !signal?.aborted && result.concurrency > 1 && result.health.problems.length > 0;
}

async function measure(
  options: BenchOptions,
  target: Target,
  known: Known,
  concurrency: number,
): Promise<ThroughputRun> {
  const { requests, durationMs, keepAlive = false, workers, onEvent } = options;
  const shape = throughputShape({ requests, concurrency, durationMs }, known);
  const total = shape.requests === null ? {} : { total: shape.requests };
  const text = `${shape.concurrency} at a time`;
  onEvent?.({ phase: 'throughput', text, done: 0, ...total });
  const busyCores = isLocal(target.endpoint) ? await watchBusyCores() : null;
  const run = await runThreaded(closedPlan(target, { ...shape, keepAlive }), {
    signal: target.signal,
    workers,
    onProgress: ({ done }) => onEvent?.({ phase: 'throughput', text, done, ...total }),
  });
  return { result: compare(run, options, known, busyCores?.() ?? null), samples: run.samples };
}

function compare(
  run: LoadResult,
  options: BenchOptions,
  known: Known,
  busyCores: number | null,
): ThroughputResult {
  const { concurrency, keepAlive } = run.plan;
  const steady = run.plan.requests === null ? steadyState(run) : null;
  const { requestsPerSecond, latency } = steady ?? run;
  const load = { requests: Math.max(1, run.sent), concurrency, s0Ms: known.s0Ms };
  const ideal = idealRequestsPerSecond({ ...load, slots: options.claim.slots });
  // ab sends its first request alone: that costs the same share of time on the real server as on an ideal one.
  const served = { ...load, slots: Math.max(1, known.slots) };
  const abShare = idealMakespanMs(served) / abMakespanMs(served);
  return {
    requests: run.sent,
    concurrency,
    keepAlive,
    requestsPerSecond,
    makespanMs: run.makespanMs,
    ideal,
    efficiency: requestsPerSecond / ideal,
    effectiveConcurrency: (requestsPerSecond * known.s0Ms) / 1000,
    busyCores,
    reducedFrom: null,
    abWouldPrint: requestsPerSecond * abShare,
    latency,
    errors: run.errors,
    errorWords: errorWords(run.errors),
    statuses: run.statuses,
    health: run.health,
    ...(steady === null ? {} : { steady }),
  };
}
