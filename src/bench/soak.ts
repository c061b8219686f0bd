import type { BenchOptions } from './bench-options.js';
import { openLoopResult } from './open-loop.js';
import { runThreaded } from './run-threaded.js';
import { soakWords } from './soak-words.js';
import { closedPlan, openPlan, type Target } from './target.js';
import { relativeTrend } from './trend.js';
import type { LatencySummary, LoadPlan, LoadResult, SoakPart, SoakResult } from './types.js';

const PARTS = 10;
const MAX_CLIENTS = 200;
const OPEN_CLIENTS = 1_000;

/**
 * A load over a long time in ten runs, one after the other, so that memory here stays bounded; latency and the server's
 * memory are followed from part to part. A signal ends it with the parts measured so far.
 */
export async function soak(options: BenchOptions & { soakMs: number }, target: Target): Promise<SoakResult> {
  const { soakMs, rate = null, memory, workers, onEvent } = options;
  const plan = partPlan(options, target);
  const parts: SoakPart[] = [];
  const began = performance.now();
  let last: LoadResult | null = null;
  while (parts.length < PARTS && !target.signal?.aborted) {
    const atMs = performance.now() - began;
    onEvent?.({ phase: 'soak', text: `part ${parts.length + 1}`, done: parts.length, total: PARTS });
    last = await runThreaded(plan, { signal: target.signal, workers });
    parts.push(partOf(last, atMs, (await memory?.()) ?? null));
  }
  const measured = {
    durationMs: performance.now() - began,
    rate,
    concurrency: plan.concurrency,
    parts,
    latencyTrend: relativeTrend(parts.map(({ meanMs }) => meanMs)),
    memoryTrend: relativeTrend(parts.map((part) => part.memory)),
    health: last?.health ?? NO_HEALTH,
  };
  return { ...measured, explanation: soakWords(measured, soakMs) };
}

const NO_HEALTH = { loopUtilization: 0, loopDelayP99Ms: 0, littleRatio: null, problems: [], warnings: [] };

function partPlan(options: BenchOptions & { soakMs: number }, target: Target): LoadPlan {
  const { soakMs, rate, claim, keepAlive = false } = options;
  const durationMs = soakMs / PARTS;
  if (rate !== undefined) {
    const concurrency = options.concurrency ?? OPEN_CLIENTS;
    return openPlan(target, { rate, concurrency, durationMs, keepAlive });
  }
  const concurrency = options.concurrency ?? Math.min(claim.slots, MAX_CLIENTS);
  return closedPlan(target, { requests: null, concurrency, durationMs, keepAlive });
}

function partOf(run: LoadResult, atMs: number, memory: number | null): SoakPart {
  const { rate, durationMs, mode } = run.plan;
  const open = mode === 'open' ? openLoopResult(run, rate ?? 0, durationMs ?? 0) : null;
  const latency: LatencySummary | null = open === null ? run.latency : open.latency;
  return {
    atMs,
    requestsPerSecond: open?.achieved ?? run.requestsPerSecond,
    meanMs: latency?.mean ?? null,
    p99Ms: latency?.p99 ?? null,
    memory,
    errors: run.errors,
  };
}
