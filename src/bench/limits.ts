import { DeploykitError } from '../errors.js';
import { arrivalsOf } from './open-pace.js';
import type { LoadPlan } from './types.js';

export const MAX_REQUESTS = 1_000_000;
export const MAX_CONNECTIONS = 10_000;
export const MAX_DURATION_MS = 600_000;
/** Engine threads that share a load. */
export const MAX_THREADS = 16;
const MAX_RATE = 100_000;

/**
 * Every loop is bounded in count and time.
 * @throws DeploykitError DK_USAGE, naming the number that is out of bounds.
 */
export function checkPlan(plan: LoadPlan): void {
  whole(plan.concurrency, 'concurrency', MAX_CONNECTIONS);
  if (plan.requests !== null) whole(plan.requests, 'requests', MAX_REQUESTS);
  if (plan.durationMs !== null) positive(plan.durationMs, 'duration in ms', MAX_DURATION_MS);
  positive(plan.timeoutMs, 'timeout in ms', MAX_DURATION_MS);
  if (plan.mode === 'open') checkRate(plan);
  if (plan.requests === null && plan.durationMs === null)
    refuse('a load needs a number of requests or a duration');
  if (plan.mode === 'wave' && (plan.requests !== plan.concurrency || plan.keepAlive)) {
    refuse('a wave sends each request once, at the same time, each on a new connection');
  }
}

function checkRate({ rate = Number.NaN, durationMs }: LoadPlan): void {
  positive(rate, 'rate in requests/s', MAX_RATE);
  if (durationMs === null) refuse('an open loop needs a duration');
  positive(arrivalsOf(rate, durationMs), 'rate times duration', MAX_REQUESTS);
}

function whole(value: number, what: string, max: number): void {
  if (!Number.isInteger(value))
    refuse(`${what} is ${value}; expected a whole number from 1 to ${grouped(max)}`);
  positive(value, what, max);
}

function positive(value: number, what: string, max: number): void {
  if (!(value > 0 && value <= max))
    refuse(`${what} is ${value}; expected more than 0 and at most ${grouped(max)}`);
}

function grouped(value: number): string {
  return value.toLocaleString('en-US');
}

function refuse(message: string): never {
  throw new DeploykitError('DK_USAGE', message);
}
