import type { BenchOptions } from './bench-options.js';
import { runLoad } from './run-load.js';
import { closedPlan, type Target } from './target.js';

const MIN_S0_MS = 20;
const LIMIT_MS = 10_000;

/**
 * Clients to load an unproven path with when the user named no load: `full`, or a few when a short run with a few shows
 * that the path serves not even half of those at once. 200 clients on a page that computes half a second would only
 * collect timeouts.
 */
export async function pilotClients(
  { claim, onEvent }: BenchOptions,
  target: Target,
  s0Ms: number,
  full: number,
): Promise<number> {
  const few = 4 * claim.processes + 4;
  // A fast path works off any number of clients in no time.
  if (full <= few || s0Ms < MIN_S0_MS) return full;
  onEvent?.({ phase: 'throughput', text: `trying ${few} at a time` });
  const plan = closedPlan(target, { requests: 2 * few, concurrency: few, durationMs: LIMIT_MS });
  const { requestsPerSecond } = await runLoad(plan, { signal: target.signal });
  const served = (requestsPerSecond * s0Ms) / 1000;
  return served < few / 2 ? few : full;
}
