import { runLoad } from './run-load.js';
import { closedPlan, type Target } from './target.js';

const IDLE_OF_S0 = 1.5;
const MIN_WAIT_MS = 5_000;
const WAIT_OF_S0 = 10;

/**
 * Waits until the server has worked off what an earlier run left behind: two calls in a row as fast as on an idle
 * server. False when it has not within 10·S0 (at least 5 s).
 */
export async function settle(target: Target, s0Ms: number): Promise<boolean> {
  const until = performance.now() + Math.max(MIN_WAIT_MS, WAIT_OF_S0 * s0Ms);
  while (performance.now() < until && !target.signal?.aborted) {
    const durationMs = until - performance.now();
    const plan = {
      ...closedPlan(target, { requests: 2, concurrency: 1, durationMs }),
      timeoutMs: durationMs + 1,
    };
    const { samples, ok } = await runLoad(plan, { signal: target.signal });
    if (ok === 2 && samples.totalMs.every((total) => total < IDLE_OF_S0 * s0Ms)) return true;
    // A server that refuses has nothing to work off, and waiting does not mend it.
    if (ok === 0) return false;
  }
  return false;
}
