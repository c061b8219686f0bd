import type { LoadPlan } from './types.js';

/** The parts of a load for `workers` threads: together as many requests, connections and arrivals as the whole. */
export function splitPlan(plan: LoadPlan, workers: number): LoadPlan[] {
  // A wave must start in one tick; more threads than connections would have nothing to do.
  const count = plan.mode === 'wave' ? 1 : Math.min(workers, plan.concurrency, plan.requests ?? workers);
  if (count <= 1) return [plan];
  const { requests, rate } = plan;
  return Array.from({ length: count }, (_, i) => ({
    ...plan,
    concurrency: share(plan.concurrency, count, i),
    requests: requests === null ? null : share(requests, count, i),
    ...(rate === undefined ? {} : { rate: rate / count }),
  }));
}

function share(whole: number, count: number, i: number): number {
  return Math.floor(whole / count) + (i < whole % count ? 1 : 0);
}
