import { DeploykitError } from '../errors.js';
import type { BenchOptions } from './bench-options.js';
import { checkPlan, MAX_THREADS } from './limits.js';
import { requestBytes } from './request-bytes.js';
import { closedPlan, openPlan, type Target } from './target.js';

const MAX_SOAK_MS = 6_000_000;
const DEFAULT_OPEN_MS = 10_000;
const SOAK_PARTS = 10;

/**
 * What the last step would refuse is refused before the first.
 * @throws DeploykitError DK_USAGE.
 */
export function checkOptions(options: BenchOptions, target: Target): void {
  const { requests = 1, concurrency = 1, durationMs = null, rate, soakMs, workers = 1, withPath } = options;
  const plan = closedPlan(target, { requests, concurrency, durationMs });
  checkPlan(plan);
  requestBytes(plan);
  if (withPath !== undefined) requestBytes({ ...plan, path: withPath });
  if (soakMs !== undefined && !(soakMs > 0 && soakMs <= MAX_SOAK_MS)) {
    refuse(`a soak of ${soakMs / 1000} s; expected at most ${MAX_SOAK_MS / 60_000} minutes`);
  }
  if (rate !== undefined) {
    const openMs = soakMs === undefined ? (durationMs ?? DEFAULT_OPEN_MS) : soakMs / SOAK_PARTS;
    checkPlan(openPlan(target, { rate, concurrency, durationMs: openMs }));
  }
  if (!Number.isInteger(workers) || workers < 1 || workers > MAX_THREADS) {
    refuse(`${workers} engine threads; expected a whole number from 1 to ${MAX_THREADS}`);
  }
  const kinds = {
    '--sweep': options.sweep,
    '--with': withPath !== undefined,
    '--soak': soakMs !== undefined,
  };
  const named = Object.entries(kinds).flatMap(([flag, given]) => (given ? [flag] : []));
  if (named.length > 1) refuse(`${named.join(' and ')} are different loads: ask for one at a time`);
  if (rate !== undefined && (options.sweep || withPath !== undefined)) {
    refuse(`${named.join()} is a closed loop and has no rate`);
  }
  if (requests > 1 && (named.length > 0 || rate !== undefined)) {
    refuse('this load ends by time: give -d instead of a number of requests');
  }
}

function refuse(message: string): never {
  throw new DeploykitError('DK_USAGE', message);
}
