import type { JudgedExpectation } from '../bench/threshold.js';
import { expectationsVerdict } from '../bench/threshold-judge.js';
import type { VerdictWord } from '../bench/types.js';
import { DeploykitError } from '../errors.js';
import type { Measured } from '../flow/bench.js';
import type { Answer } from './command.js';

const CODES = {
  INVALID: 'DK_BENCH_INVALID',
  FAIL: 'DK_BENCH_FAIL',
  INCONCLUSIVE: 'DK_BENCH_INCONCLUSIVE',
} as const;

/** What ended it early, else the worst of bench, comparisons and expectations, decides the exit code. */
export function problemOf(
  { bench, comparisons, failure }: Measured,
  expectations: readonly JudgedExpectation[],
  signal: AbortSignal,
): Pick<Answer, 'problem'> {
  // What was measured is printed; the exit code still says which signal came.
  if (signal.aborted && signal.reason instanceof DeploykitError) return { problem: signal.reason };
  if (failure) return { problem: failure };
  const missed = expectations.filter((row) => row.ok !== true).map((row) => `${row.text}: ${row.measured}`);
  const verdicts: { verdict: VerdictWord; reason: string }[] = [
    ...[bench, ...comparisons].map(({ verdict, reasons }) => ({ verdict, reason: reasons[0] ?? '' })),
    { verdict: expectationsVerdict([...expectations]), reason: `expected ${missed.join(', ')}` },
  ];
  for (const word of ['INVALID', 'FAIL', 'INCONCLUSIVE'] as const) {
    const found = verdicts.find(({ verdict }) => verdict === word);
    if (found) return { problem: new DeploykitError(CODES[word], found.reason || `verdict ${word}`) };
  }
  return {};
}
