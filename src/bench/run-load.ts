import { Worker } from 'node:worker_threads';
import { DeploykitError } from '../errors.js';
import type { EngineOutput } from './engine-output.js';
import type { EngineMessage, EngineOrder } from './engine-worker.js';
import { checkPlan } from './limits.js';
import type { LoadProgress } from './load-progress.js';
import { loadResult } from './load-result.js';
import { mergeOutputs, nothingSent } from './merge-outputs.js';
import { requestBytes } from './request-bytes.js';
import { splitPlan } from './split-plan.js';
import type { LoadPlan, LoadResult } from './types.js';

export interface LoadOptions {
  /** Ends the run at once; the promise resolves with what was measured, `partial: true`. */
  signal?: AbortSignal | undefined;
  /** Ends an open loop early: nothing is started any more, and what is in flight is awaited. */
  finish?: AbortSignal | undefined;
  /** Called about ten times a second. */
  onProgress?: ((progress: LoadProgress) => void) | undefined;
  /** Engine threads that share the load; default 1. A wave is always sent by one. */
  workers?: number | undefined;
}

/**
 * Sends the load of `plan` from one worker thread or several and returns every request's fate. Server errors are results, not
 * exceptions.
 * @throws DeploykitError DK_USAGE for a plan out of bounds (1,000,000 requests, 10,000 connections, 10 minutes) or a
 * request that cannot be written; DK_INTERNAL when the engine thread dies.
 */
export async function runLoad(plan: LoadPlan, options: LoadOptions = {}): Promise<LoadResult> {
  checkPlan(plan);
  requestBytes(plan);
  if (options.signal?.aborted) return loadResult(plan, nothingSent());
  const plans = splitPlan(plan, options.workers ?? 1);
  const progress = plans.map(() => ({ done: 0, errors: 0, elapsedMs: 0, utilization: 0 }));
  const outputs = await Promise.all(
    plans.map((part, i) =>
      runEngine(part, {
        ...options,
        onProgress: (news) => {
          progress[i] = news;
          options.onProgress?.(sum(progress));
        },
      }),
    ),
  );
  return loadResult(plan, mergeOutputs(outputs), plans.length);
}

function sum(parts: LoadProgress[]): LoadProgress {
  return {
    done: parts.reduce((total, { done }) => total + done, 0),
    errors: parts.reduce((total, { errors }) => total + errors, 0),
    elapsedMs: Math.max(...parts.map(({ elapsedMs }) => elapsedMs)),
    utilization: Math.max(...parts.map(({ utilization }) => utilization)),
  };
}

function runEngine(plan: LoadPlan, { signal, finish, onProgress }: LoadOptions): Promise<EngineOutput> {
  const worker = new Worker(workerUrl(), { workerData: plan, execArgv: [] });
  const order = (word: EngineOrder) => () => worker.postMessage(word);
  const [stop, end] = [order('stop'), order('finish')];
  signal?.addEventListener('abort', stop, { once: true });
  finish?.addEventListener('abort', end, { once: true });
  return new Promise<EngineOutput>((resolve, reject) => {
    worker.on('message', (message: EngineMessage) => {
      if (message.type === 'finished') resolve(message.output);
      else onProgress?.(message.progress);
    });
    worker.on('error', (cause) => reject(engineDied(`the load engine failed: ${String(cause)}`, cause)));
    worker.on('exit', (code) =>
      reject(engineDied(`the load engine ended without a result (exit ${code})`, undefined)),
    );
  }).finally(() => {
    signal?.removeEventListener('abort', stop);
    finish?.removeEventListener('abort', end);
  });
}

/** A worker thread cannot load TypeScript: run from source (vitest), the engine comes from the built copy. */
function workerUrl(): URL {
  const built = import.meta.url.endsWith('.ts') ? '../../dist/bench/engine-worker.js' : './engine-worker.js';
  return new URL(built, import.meta.url);
}

function engineDied(message: string, cause: unknown): DeploykitError {
  return new DeploykitError('DK_INTERNAL', message, { cause });
}
