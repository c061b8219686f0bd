import { MAX_REQUESTS } from './limits.js';
import { arrivalsOf } from './open-pace.js';
import type { LoadPlan } from './types.js';

/** The parts of a load for `workers` threads: together as many requests, connections and arrivals as the whole. */
export function splitPlan(plan: LoadPlan, workers: number): LoadPlan[] {
  // A wave must start in one tick.
  const count = plan.mode === 'wave' ? 1 : Math.min(workers, mostThreads(plan));
  if (count <= 1) return [plan];
  return Array.from({ length: count }, (_, i) => ({
    ...plan,
    concurrency: share(plan.concurrency, count, i),
    ...(plan.mode === 'open'
      ? { rate: rateOf(plan, count, i) }
      : // A load by time is bounded in requests, too.
        { requests: share(plan.requests ?? MAX_REQUESTS, count, i) }),
  }));
}

/** More threads than connections, requests or arrivals would have nothing to do. */
export function mostThreads({ mode, concurrency, requests, rate = 1, durationMs }: LoadPlan): number {
  const most = mode === 'open' ? arrivalsOf(rate, durationMs ?? 0) : (requests ?? MAX_REQUESTS);
  return Math.min(concurrency, most);
}

/** The rate that makes this part's share of whole arrivals. */
function rateOf({ rate = 1, durationMs }: LoadPlan, count: number, i: number): number {
  const lastsMs = durationMs ?? 0;
  return (share(arrivalsOf(rate, lastsMs), count, i) * 1000) / lastsMs;
}

function share(whole: number, count: number, i: number): number {
  return Math.floor(whole / count) + (i < whole % count ? 1 : 0);
}
