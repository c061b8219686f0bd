import { setTimeout as pause } from 'node:timers/promises';
import { MAX_DURATION_MS } from '../limits.js';
import { runLoad } from '../run-load.js';
import { openPlan, type Target } from '../target.js';
import { type DrillCount, drillCount } from './drill-count.js';

export interface DrillLoad {
  target: Target;
  /** Requests a second. */
  rate: number;
  keepAlive: boolean;
  /** ms before the work, and after it. */
  marginMs: number;
}

const MOST_CLIENTS = 1000;

/**
 * Sends requests at a fixed rate, from a little before some work to a little after it, and tells what became of every
 * one of them, together with what the work returned or threw. Bounded: after 10 minutes the load ends in any case.
 */
export async function loadDuring<T>(
  { target, rate, keepAlive, marginMs }: DrillLoad,
  work: () => Promise<T>,
): Promise<{ count: DrillCount; outcome: { value: T } | { error: unknown } }> {
  const over = new AbortController();
  const durationMs = MAX_DURATION_MS;
  const plan = openPlan(target, { rate, durationMs, concurrency: MOST_CLIENTS, keepAlive });
  const load = runLoad(plan, { signal: target.signal, finish: over.signal });
  const outcome = await around(marginMs, work);
  over.abort();
  return { count: drillCount(await load), outcome };
}

async function around<T>(
  marginMs: number,
  work: () => Promise<T>,
): Promise<{ value: T } | { error: unknown }> {
  await pause(marginMs);
  try {
    return { value: await work() };
  } catch (error) {
    return { error };
  } finally {
    await pause(marginMs);
  }
}
