import { availableParallelism } from 'node:os';
import { isLocal } from './address.js';
import { isSaturated } from './health.js';
import { MAX_THREADS } from './limits.js';
import { type LoadOptions, runLoad } from './run-load.js';
import { mostThreads } from './split-plan.js';
import type { LoadPlan, LoadResult } from './types.js';

// By then V8 has compiled the engine; how busy it is before says nothing about a longer load.
const LOOK_AFTER_MS = 1_000;

/**
 * Sends the load from as many engine threads as it needs: from one, and again from twice as many while the threads are
 * the limit. An attempt that turns out too slow is given up after a second and does not count. `workers` fixes the number.
 * @throws what runLoad throws.
 */
export async function runThreaded(
  plan: LoadPlan,
  options: LoadOptions = {},
  cores = availableParallelism(),
): Promise<LoadResult> {
  const most = options.workers ?? threadsAtHand(plan, cores);
  for (let workers = options.workers ?? 1; workers < most; workers = Math.min(most, 2 * workers)) {
    const result = await attempt(plan, { ...options, workers });
    if (result !== null) return result;
  }
  return await runLoad(plan, { ...options, workers: most });
}

/** One core is left to a server on this machine: a generator that takes it away measures itself. */
export function threadsAtHand(plan: LoadPlan, cores: number): number {
  const free = isLocal(plan.endpoint) ? cores - 1 : cores;
  return Math.max(1, Math.min(free, MAX_THREADS, mostThreads(plan)));
}

/** Null when the threads were the limit. */
async function attempt(plan: LoadPlan, options: LoadOptions): Promise<LoadResult | null> {
  const givenUp = new AbortController();
  const asked = options.signal ? [options.signal] : [];
  const result = await runLoad(plan, {
    ...options,
    signal: AbortSignal.any([givenUp.signal, ...asked]),
    onProgress: (progress) => {
      if (progress.elapsedMs >= LOOK_AFTER_MS && isSaturated(progress.utilization)) givenUp.abort();
      options.onProgress?.(progress);
    },
  });
  if (options.signal?.aborted) return result;
  return givenUp.signal.aborted || isSaturated(result.health.loopUtilization) ? null : result;
}
