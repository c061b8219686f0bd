import { errorCount, errorWords } from './error-words.js';
import type { Finding } from './finding.js';
import type { ErrorClass, GeneratorHealth } from './types.js';

// bench.md §5c: more errors than this and the run does not count.
const ERRORS_ALLOWED = 0.001;

/** What is wrong with a run whatever it measured: the generator was the limit (INVALID), or requests failed (FAIL). */
export function loadFindings(run: {
  sent: number;
  errors: Partial<Record<ErrorClass, number>>;
  health: GeneratorHealth;
}): Finding[] {
  const { sent, errors, health } = run;
  const findings: Finding[] = health.problems.map((text) => ({
    verdict: 'INVALID',
    text: `${capital(text)}.`,
  }));
  const failed = errorCount(errors) - (errors.local_exhaustion ?? 0);
  if (failed <= ERRORS_ALLOWED * sent) return findings;
  const words = errorWords(errors).join('; ');
  return [...findings, { verdict: 'FAIL', text: `${failed} of ${sent} requests failed: ${words}.` }];
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
