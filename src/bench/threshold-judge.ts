import type { CompareResult } from './compare/types.js';
import type { Comparator, Expectation, JudgedExpectation } from './threshold.js';
import { type Measured, measuredValue } from './threshold-measured.js';
import type { BenchResult, VerdictWord } from './types.js';

/** Every expectation set against the result, in the order given. */
export function judgeExpectations(
  result: BenchResult | CompareResult,
  expectations: readonly Expectation[],
): JudgedExpectation[] {
  return expectations.map((expectation) => {
    const measured = measuredValue(result, expectation);
    const { text, comparator, value } = expectation;
    if (typeof measured === 'string') return { text, measured, ok: null };
    return { text, measured: measured.text, ok: holds(measured, comparator, value) };
  });
}

/** FAIL when one is broken, INCONCLUSIVE when one cannot be decided, PASS otherwise. */
export function expectationsVerdict(judged: readonly JudgedExpectation[]): VerdictWord {
  if (judged.some(({ ok }) => ok === false)) return 'FAIL';
  return judged.some(({ ok }) => ok === null) ? 'INCONCLUSIVE' : 'PASS';
}

/** Decided only when both ends of what is known agree. */
function holds({ low, high }: Measured, comparator: Comparator, value: number): boolean | null {
  if (comparator === '=') {
    if (low === high) return low === value;
    return value < low || value > high ? false : null;
  }
  const met = (measured: number) => meets(measured, comparator, value);
  return met(low) === met(high) ? met(low) : null;
}

function meets(measured: number, comparator: Comparator, value: number): boolean {
  if (comparator === '<') return measured < value;
  if (comparator === '<=') return measured <= value;
  return comparator === '>' ? measured > value : measured >= value;
}
