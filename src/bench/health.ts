import type { Columns } from './columns.js';
import type { GeneratorHealth, LoadPlan } from './types.js';

// bench.md §2, generator saturation: warn at the first number, INVALID at the second.
const UTILIZATION = { warn: 0.7, invalid: 0.85 };
const DELAY_OF_S0 = { warn: 0.02, invalid: 0.1 };
const DELAY_WARN_MS = 5;
const LITTLE_TOLERANCE = 0.05;

/** True when the engine thread had no time left, `utilization` being that of its event loop (0..1). */
export function isSaturated(utilization: number): boolean {
  return utilization >= UTILIZATION.invalid;
}

/** Judges whether the generator was at ease. `s0Ms`, where known, tells how much event-loop delay matters. */
export function judgeHealth(
  raw: Pick<GeneratorHealth, 'loopUtilization' | 'loopDelayP99Ms' | 'littleRatio'> & { localErrors: number },
  s0Ms: number | null,
): GeneratorHealth {
  const problems: string[] = [];
  const warnings: string[] = [];
  const { loopUtilization, loopDelayP99Ms, littleRatio, localErrors } = raw;
  if (localErrors > 0)
    problems.push(`${localErrors} requests failed on this machine (no free sockets, ports or memory)`);
  const busy = `the load generator was busy ${Math.round(loopUtilization * 100)} % of the time`;
  if (isSaturated(loopUtilization)) problems.push(`${busy}: the server may be faster than measured`);
  else if (loopUtilization >= UTILIZATION.warn) warnings.push(busy);
  const late = `the load generator was late by up to ${loopDelayP99Ms.toFixed(1)} ms (p99)`;
  const slow =
    s0Ms !== null && loopDelayP99Ms >= DELAY_OF_S0.invalid * s0Ms && loopDelayP99Ms >= DELAY_WARN_MS;
  if (slow) problems.push(`${late}, more than a tenth of the service time`);
  else if (loopDelayP99Ms >= Math.max(DELAY_WARN_MS, DELAY_OF_S0.warn * (s0Ms ?? 0))) warnings.push(late);
  if (littleRatio !== null && Math.abs(littleRatio - 1) > LITTLE_TOLERANCE) {
    problems.push(`only ${Math.round(littleRatio * 100)} % of the clients were kept busy`);
  }
  return { loopUtilization, loopDelayP99Ms, littleRatio, problems, warnings };
}

/**
 * Mean number of requests in flight over the clients, while there were requests left to start (Little's law, exact
 * form of bench.md §5). Null for other loads than a closed loop and when everything started at once. 1 = no client was ever idle.
 */
export function littleRatio(columns: Columns, plan: Pick<LoadPlan, 'mode' | 'concurrency'>): number | null {
  const { length, start, end } = columns;
  const from = start[0] ?? 0;
  const to = start[length - 1] ?? 0;
  if (plan.mode !== 'closed' || length <= plan.concurrency || to <= from) return null;
  let inFlight = 0;
  for (let i = 0; i < length; i++) inFlight += Math.min(end[i] ?? 0, to) - (start[i] ?? 0);
  return inFlight / ((to - from) * plan.concurrency);
}
