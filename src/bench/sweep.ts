import { availableParallelism } from 'node:os';
import { isLocal } from './address.js';
import type { BenchOptions } from './bench-options.js';
import { watchBusyCores } from './busy-cores.js';
import { runThreaded } from './run-threaded.js';
import { steadyState } from './steady-state.js';
import { judgeSweep } from './sweep-judge.js';
import { sweepShape } from './sweep-shape.js';
import { closedPlan, type Target } from './target.js';
import type { GeneratorHealth, LoadPlan, SweepPoint, SweepResult } from './types.js';

/** The result and, for the verdict, the health of the generator at its worst point. */
export interface SweepRun {
  result: SweepResult;
  health: GeneratorHealth;
  sent: number;
}

/**
 * Throughput over concurrency: one closed loop a point, from one client to twice as many as slots, and what the shape
 * says about the limit. A signal ends it early with the points measured so far; null when there are none.
 */
export async function sweep(options: BenchOptions, target: Target, s0Ms: number): Promise<SweepRun | null> {
  const { claim, keepAlive = false, durationMs, workers, onEvent } = options;
  const { concurrencies, pointMs } = sweepShape(claim.slots, s0Ms, durationMs);
  const points: SweepPoint[] = [];
  const problems = new Set<string>();
  let worst: GeneratorHealth | null = null;
  let sent = 0;
  for (const [i, concurrency] of concurrencies.entries()) {
    onEvent?.({ phase: 'sweep', text: `${concurrency} clients`, done: i, total: concurrencies.length });
    const plan = closedPlan(target, { requests: null, concurrency, durationMs: pointMs, keepAlive });
    const { point, health, total } = await measure(plan, target, workers);
    if (target.signal?.aborted) break;
    points.push(point);
    sent += total;
    for (const problem of health.problems) problems.add(`at ${concurrency} clients ${problem}`);
    if (worst === null || health.loopUtilization > worst.loopUtilization) worst = health;
  }
  if (worst === null) return null;
  const result = judgeSweep(points, claim, unloaded(points, s0Ms), usableCores(claim.processes));
  return { result, health: { ...worst, problems: [...problems] }, sent };
}

async function measure(plan: LoadPlan, target: Target, workers: number | undefined) {
  const busyCores = isLocal(target.endpoint) ? await watchBusyCores() : null;
  const run = await runThreaded(plan, { signal: target.signal, workers });
  const steady = steadyState(run);
  const point: SweepPoint = {
    concurrency: plan.concurrency,
    requestsPerSecond: steady.requestsPerSecond,
    halfWidth: steady.halfWidth,
    meanMs: steady.latency?.mean ?? 0,
    p99Ms: steady.latency?.p99 ?? null,
    errors: run.errors,
    busyCores: busyCores?.() ?? null,
  };
  return { point, health: run.health, total: run.sent };
}

/** The point with one client has more calls than the first measurement of S0, which a busy moment may have met. */
function unloaded([first]: SweepPoint[], s0Ms: number): number {
  return first?.concurrency === 1 && first.meanMs > 0 ? Math.min(s0Ms, first.meanMs) : s0Ms;
}

/** A Python process computes on one core at a time. */
function usableCores(processes: number): number {
  return Math.min(processes, availableParallelism());
}
