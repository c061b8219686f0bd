/** How a sweep is laid out. */
export interface SweepShape {
  /** Clients of each point, ascending. */
  concurrencies: number[];
  /** ms for one point. */
  pointMs: number;
}

const TOTAL_MS = 30_000;
const MIN_POINT_MS = 500;
const MAX_POINT_MS = 60_000;
// A point needs some rounds of the service time to be worth something.
const ROUNDS = 5;
const POWER_STEP = 4;
const MAX_CLIENTS = 2_000;

/**
 * Clients 1, C/2, C, 1.25·C and 2·C (bench.md §5, real endpoints) and powers of four between, for which `totalMs`
 * (default 30 s) is shared out; a slow path gets five rounds a point, whatever that takes.
 */
export function sweepShape(slots: number, s0Ms: number, totalMs = TOTAL_MS): SweepShape {
  const wanted = [1, slots / 2, slots, 1.25 * slots, 2 * slots];
  for (let power = POWER_STEP; power < slots; power *= POWER_STEP) wanted.push(power);
  const whole = wanted.map((clients) => Math.min(MAX_CLIENTS, Math.max(1, Math.ceil(clients))));
  const concurrencies = [...new Set(whole)].sort((a, b) => a - b);
  const least = Math.max(MIN_POINT_MS, ROUNDS * s0Ms);
  return { concurrencies, pointMs: Math.min(MAX_POINT_MS, Math.max(least, totalMs / concurrencies.length)) };
}
