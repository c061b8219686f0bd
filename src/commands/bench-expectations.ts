import type { CompareResult } from '../bench/compare/types.js';
import type { Expectation, JudgedExpectation } from '../bench/threshold.js';
import { judgeExpectations } from '../bench/threshold-judge.js';
import { parseExpectation } from '../bench/threshold-parse.js';
import type { Measured } from '../flow/bench.js';

/** The expectations in force: those of flags, and those of the project file whose metric no flag names. */
export function expectationsOf(flags: readonly string[], file: readonly string[]): Expectation[] {
  const asked = flags.map(parseExpectation);
  const kept = file.map(parseExpectation).filter(({ metric }) => !asked.some((one) => one.metric === metric));
  return [...kept, ...asked];
}

/** Each set against what was measured: a ratio against every comparison, everything else against the bench. */
export function judgeAll(
  { bench, comparisons }: Measured,
  expectations: readonly Expectation[],
): JudgedExpectation[] {
  return expectations.flatMap((one) => {
    if (one.metric !== 'ratio' || comparisons.length === 0) return judgeExpectations(bench, [one]);
    return comparisons.flatMap((result) =>
      named(result, comparisons.length, judgeExpectations(result, [one])),
    );
  });
}

function named({ labels }: CompareResult, of: number, judged: JudgedExpectation[]): JudgedExpectation[] {
  return of === 1 ? judged : judged.map((one) => ({ ...one, text: `${one.text} (over ${labels.a})` }));
}
