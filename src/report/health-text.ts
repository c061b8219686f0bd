import type { GeneratorHealth } from '../bench/types.js';
import { milliseconds, percent } from './numbers.js';

/** How the load generator did: `at ease: busy 12 %, late 0.31 ms (p99)`. */
export function healthText({ loopUtilization, loopDelayP99Ms, problems, warnings }: GeneratorHealth): string {
  const state = problems.length > 0 ? 'was the limit' : warnings.length > 0 ? 'not at ease' : 'at ease';
  return `${state}: busy ${percent(loopUtilization)}, late ${milliseconds(loopDelayP99Ms)} (p99)`;
}
