import type { GeneratorHealth } from '../bench/types.js';
import { milliseconds, percent } from './numbers.js';

/** How the load generator did: `at ease: busy 12 %, late 0.31 ms (p99)`. */
export function healthText(health: GeneratorHealth): string {
  const { loopUtilization, loopDelayP99Ms, threads, problems, warnings } = health;
  const state = problems.length > 0 ? 'was the limit' : warnings.length > 0 ? 'not at ease' : 'at ease';
  const who = threads === undefined ? '' : `${threads} threads, `;
  return `${state}: ${who}busy ${percent(loopUtilization)}, late ${milliseconds(loopDelayP99Ms)} (p99)`;
}
