import { DeploykitError, throwIfAborted } from '../errors.js';
import { errorWords } from './error-words.js';
import { runLoad } from './run-load.js';
import { median } from './summary.js';
import type { Target } from './target.js';
import { closedPlan } from './target.js';

/** How long one request takes when the server has nothing else to do. */
export interface ServiceTime {
  /** S0: median of the calls, ms. */
  s0Ms: number;
  /** (max - min) / median. */
  spread: number;
  calls: number;
}

const CALLS = 5;
// A path slower than this is measured with fewer calls.
const BUDGET_MS = 20_000;

/**
 * S0 from 5 calls, one after the other, after 1 call to warm up (bench.md §5a).
 * @throws DeploykitError DK_BENCH_NOT_SERVING when no call succeeds; DK_INTERRUPTED by the signal.
 */
export async function serviceTime(target: Target): Promise<ServiceTime> {
  const plan = closedPlan(target, { requests: CALLS + 1, concurrency: 1, durationMs: BUDGET_MS });
  const result = await runLoad(plan, { signal: target.signal });
  throwIfAborted(target.signal);
  const times = [...result.samples.totalMs].filter((_, i) => result.samples.ok[i] === 1);
  if (times.length === 0) throw notServing(target, errorWords(result.errors));
  const measured = times.length > 1 ? times.slice(1) : times;
  const s0Ms = median(measured);
  return { s0Ms, spread: (Math.max(...measured) - Math.min(...measured)) / s0Ms, calls: measured.length };
}

function notServing(target: Target, words: string[]): DeploykitError {
  return new DeploykitError(
    'DK_BENCH_NOT_SERVING',
    `${target.path} gave no good answer: ${words.join('; ')}`,
    {
      hint: 'Open the path in a browser or with curl; a bench needs a path that answers below 400.',
    },
  );
}
