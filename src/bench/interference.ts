import type { BenchOptions } from './bench-options.js';
import { errorCount, errorWords } from './error-words.js';
import { msWords, rateWords } from './rate-words.js';
import { runLoad } from './run-load.js';
import { closedPlan, type Target } from './target.js';
import type { InterferenceResult, LoadResult, PathLoad } from './types.js';

const CLIENTS = 8;
const OTHER_CLIENTS = 4;
const PART_MS = 5_000;
// The disturbance must be there before the measurement begins and last until it ends.
const HEAD_START_MS = 300;
const STARVED = 0.5;
const UNTOUCHED = 0.8;

/**
 * Measures `target.path` with 8 clients alone, then again while 4 clients load `withPath` (measured.md: one CPU-bound
 * handler left a light one a tenth of its rate under gevent). `durationMs` is the time for both halves.
 */
export async function interference(
  options: BenchOptions & { withPath: string },
  target: Target,
): Promise<InterferenceResult> {
  const { withPath, keepAlive = false, durationMs = 2 * PART_MS, onEvent } = options;
  const plan = closedPlan(target, {
    requests: null,
    concurrency: options.concurrency ?? CLIENTS,
    durationMs: durationMs / 2,
    keepAlive,
  });
  onEvent?.({ phase: 'interference', text: `${target.path} alone` });
  const alone = await runLoad(plan, { signal: target.signal });
  onEvent?.({ phase: 'interference', text: `${target.path} while ${withPath} is loaded` });
  const { measured, other } = await together(plan, { ...target, path: withPath });
  return interferenceResult(alone, measured, other);
}

async function together(plan: LoadResult['plan'], target: Target) {
  const done = new AbortController();
  const signals = target.signal ? [done.signal, target.signal] : [done.signal];
  const lastsMs = (plan.durationMs ?? 0) + plan.timeoutMs;
  const load = { requests: null, concurrency: OTHER_CLIENTS, durationMs: lastsMs, keepAlive: plan.keepAlive };
  // What the other path answers, a redirect or an error, is counted and does not matter here.
  const { expect: _, ...plain } = target;
  const disturbance = runLoad(closedPlan(plain, load), { signal: AbortSignal.any(signals) });
  await new Promise((resolve) => setTimeout(resolve, HEAD_START_MS));
  const measured = await runLoad(plan, { signal: target.signal }).finally(() => done.abort());
  return { measured, other: await disturbance };
}

/** Sets the three loads side by side. */
function interferenceResult(alone: LoadResult, measured: LoadResult, other: LoadResult): InterferenceResult {
  const ratio = alone.requestsPerSecond > 0 ? measured.requestsPerSecond / alone.requestsPerSecond : 0;
  const result = {
    path: alone.plan.path,
    withPath: other.plan.path,
    concurrency: { path: alone.plan.concurrency, withPath: other.plan.concurrency },
    alone: pathLoad(alone),
    together: pathLoad(measured),
    other: pathLoad(other),
    ratio,
    health: measured.health,
  };
  return { ...result, explanation: explain(result) };
}

function pathLoad({ requestsPerSecond, latency, errors }: LoadResult): PathLoad {
  return { requestsPerSecond, latency, errors };
}

function explain({
  path,
  withPath,
  alone,
  together: both,
  other,
  ratio,
}: Omit<InterferenceResult, 'explanation'>): string {
  const failures = errorCount(other.errors);
  const broken = failures > 0 ? ` (${withPath} failed: ${errorWords(other.errors).join('; ')}.)` : '';
  const rates = `${rateWords(alone.requestsPerSecond)} requests/s alone, ${rateWords(both.requestsPerSecond)}`;
  const facts = `${path} served ${rates} while ${withPath} was loaded: ${Math.round(ratio * 100)} %${median(alone, both)}.`;
  if (ratio >= UNTOUCHED) return `${facts} The two paths hardly disturb each other.${broken}`;
  if (ratio >= STARVED) return `${facts} They share the CPU or the slots.${broken}`;
  const why = `${withPath} starves it: it computes, or waits without letting other greenlets run.`;
  return `${facts} ${why} Threads, or more processes, would part the two.${broken}`;
}

function median(alone: PathLoad, both: PathLoad): string {
  const [before, after] = [alone.latency?.p50, both.latency?.p50];
  if (before === undefined || after === undefined || before === null || after === null) return '';
  return `, the median went from ${msWords(before)} to ${msWords(after)}`;
}
