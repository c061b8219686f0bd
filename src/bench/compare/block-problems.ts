import { errorCount, errorWords } from '../error-words.js';
import type { LoadResult } from '../types.js';
import { drift } from './drift.js';

// bench.md §5c.
const ERRORS_ALLOWED = 0.001;

/** Why a block does not count (bench.md §5c); sentences, none when it does. */
export function blockProblems(result: LoadResult): string[] {
  const problems = [...result.health.problems];
  const failed = errorCount(result.errors) - (result.errors.local_exhaustion ?? 0);
  if (failed > ERRORS_ALLOWED * result.sent) {
    problems.push(`${failed} of ${result.sent} requests failed: ${errorWords(result.errors).join('; ')}`);
  }
  if (result.ok === 0) problems.push('no request was answered well');
  const change = drift(result);
  if (change !== null) {
    const share = `${Math.abs(Math.round(change * 100))} %`;
    problems.push(`its second half was ${share} ${change > 0 ? 'faster' : 'slower'} than its first`);
  }
  return problems;
}
