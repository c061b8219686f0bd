import type { VerdictWord } from '../bench/types.js';
import type { CiInput } from './junit.js';

type Level = 'notice' | 'warning' | 'error';

const LEVELS: Record<VerdictWord, Level> = {
  PASS: 'notice',
  INCONCLUSIVE: 'warning',
  FAIL: 'error',
  INVALID: 'error',
};

/**
 * Annotations of a GitHub Actions run, one workflow command a line: the verdict, the comparison, and every expectation
 * that is broken or cannot be decided. Kept ones are left out, since GitHub shows only ten of a kind.
 */
export function githubAnnotations({ bench, expectations, comparisons = [] }: CiInput): string {
  const lines = [
    annotation(LEVELS[bench.verdict], `deploykit bench: ${bench.verdict}`, bench.reasons.join('\n')),
  ];
  for (const compare of comparisons) {
    const title = `${compare.labels.b} against ${compare.labels.a}: ${compare.verdict}`;
    lines.push(annotation(LEVELS[compare.verdict], title, compare.reasons.join('\n')));
  }
  for (const { text, measured, ok } of expectations) {
    if (ok === false) lines.push(annotation('error', `broken: ${text}`, `measured ${measured}`));
    if (ok === null) lines.push(annotation('warning', `not decided: ${text}`, measured));
  }
  return lines.map((line) => `${line}\n`).join('');
}

function annotation(level: Level, title: string, message: string): string {
  return workflowCommand(level, { title }, message);
}

/** One annotation; both kinds of value are percent-encoded (https://docs.github.com/actions/reference/workflow-commands). */
export function workflowCommand(
  level: Level,
  properties: Record<string, string | number>,
  message: string,
): string {
  const list = Object.entries(properties).map(([name, value]) => `${name}=${property(String(value))}`);
  return `::${level} ${list.join(',')}::${data(message)}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
