/** n, c and the time limit of a throughput run. */
export interface ThroughputShape {
  requests: number | null;
  concurrency: number;
  durationMs: number | null;
}

interface Asked {
  requests?: number | undefined;
  concurrency?: number | undefined;
  durationMs?: number | undefined;
}

const MAX_CLIENTS = 200;
const GOAL_MS = 5_000;
const LIMIT_MS = 10_000;
const MAX_DEFAULT_REQUESTS = 10_000;

/**
 * As asked; else as many clients as slots (at most 200) and about 5 s of work, at least two requests a client, cut off
 * at about 10 s.
 */
export function throughputShape(
  asked: Asked,
  { slots, s0Ms }: { slots: number; s0Ms: number },
): ThroughputShape {
  const { requests, durationMs } = asked;
  const concurrency = asked.concurrency ?? Math.min(slots, MAX_CLIENTS, requests ?? MAX_CLIENTS);
  if (requests !== undefined || durationMs !== undefined) {
    return { requests: requests ?? null, concurrency, durationMs: durationMs ?? null };
  }
  const perSlot = Math.max(1, Math.floor(GOAL_MS / s0Ms));
  const wanted = perSlot * Math.min(concurrency, slots);
  return {
    requests: Math.max(2 * concurrency, Math.min(wanted, MAX_DEFAULT_REQUESTS)),
    concurrency,
    durationMs: Math.max(LIMIT_MS, 2.5 * s0Ms),
  };
}
