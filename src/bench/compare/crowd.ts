import { runLoad } from '../run-load.js';
import { closedPlan, type Target } from '../target.js';
import type { CrowdResult } from './types.js';

// Long enough for a p99 of 100 clients on as many slots, short enough to wait for.
const SERVICES = 12;
const LENGTH_MS = { least: 2000, most: 15_000 };

/**
 * A closed loop of many clients for a fixed time; what is unanswered at its end is left waiting. For an instance that
 * is stopped next: a server with few slots would work for long on what was left.
 */
export async function crowd(
  target: Target,
  { concurrency, s0Ms, keepAlive = false }: { concurrency: number; s0Ms: number; keepAlive?: boolean },
): Promise<CrowdResult> {
  const durationMs = Math.min(LENGTH_MS.most, Math.max(LENGTH_MS.least, SERVICES * s0Ms));
  const plan = closedPlan(target, { requests: null, concurrency, durationMs, keepAlive });
  const { requestsPerSecond, latency, errors, sent } = await runLoad(
    { ...plan, drainMs: 0 },
    { signal: target.signal },
  );
  return { concurrency, durationMs, sent, requestsPerSecond, latency, errors };
}
