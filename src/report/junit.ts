import type { CompareResult } from '../bench/compare/types.js';
import type { JudgedExpectation } from '../bench/threshold.js';
import type { BenchResult, VerdictWord } from '../bench/types.js';

/** What a CI system is told of a bench. */
export interface CiInput {
  bench: BenchResult;
  expectations: readonly JudgedExpectation[];
  comparisons?: readonly CompareResult[];
}

interface Case {
  name: string;
  verdict: VerdictWord;
  text: string;
}

/**
 * A JUnit file: the bench's own verdict, the comparison and each expectation are a test case. What is broken is a
 * failure; what could not be decided, or does not count, is an error.
 */
export function junitXml({ bench, expectations, comparisons = [] }: CiInput): string {
  const cases = [
    verdictCase(`${bench.endpoint.url}${bench.path}`, bench),
    ...comparisons.map((one) => verdictCase(`${one.labels.b} against ${one.labels.a}`, one)),
    ...expectations.map(expectationCase),
  ];
  const failures = cases.filter(({ verdict }) => verdict === 'FAIL').length;
  const errors = cases.filter(({ verdict }) => verdict === 'INCONCLUSIVE' || verdict === 'INVALID').length;
  const counts = `tests="${cases.length}" failures="${failures}" errors="${errors}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="deploykit" ${counts}>`,
    `  <testsuite name="deploykit bench" ${counts} skipped="0">`,
    ...cases.map(caseXml),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function verdictCase(name: string, { verdict, reasons }: { verdict: VerdictWord; reasons: string[] }): Case {
  return { name, verdict, text: reasons.join('\n') };
}

function expectationCase({ text, measured, ok }: JudgedExpectation): Case {
  const verdict = ok === null ? 'INCONCLUSIVE' : ok ? 'PASS' : 'FAIL';
  return { name: text, verdict, text: `${text}: ${ok === null ? 'not decided, ' : 'measured '}${measured}` };
}

function caseXml({ name, verdict, text }: Case): string {
  const open = `    <testcase classname="deploykit.bench" name="${xml(name)}"`;
  if (verdict === 'PASS') return `${open}><system-out>${xml(text)}</system-out></testcase>`;
  const element = verdict === 'FAIL' ? 'failure' : 'error';
  const first = text.split('\n')[0] ?? '';
  return `${open}><${element} type="${verdict}" message="${xml(first)}">${xml(text)}</${element}></testcase>`;
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

// Control characters, halves of surrogate pairs and two others that XML 1.0 cannot hold, not even escaped.
const IMPOSSIBLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\p{Surrogate}\ufffe\uffff]/gu;

/** Fit for an element and for an attribute. */
function xml(text: string): string {
  return text
    .replace(IMPOSSIBLE, '\ufffd')
    .replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char)
    .replace(/[\t\n\r]/g, (char) => `&#${char.charCodeAt(0)};`);
}
