import { type Include, readConfig } from '../ini/config.js';
import { RULES } from './rules/all.js';
import { suppress } from './suppress.js';
import type { Finding, Hit, RuleText } from './types.js';
import { makeView, type Setup } from './view.js';

export interface LintInput {
  /** Absolute path: it decides the magic variables. */
  file: string;
  text: string;
  setup: Setup;
  include: Include;
}

/**
 * What is wrong with a uwsgi.ini, in the order of the file. Findings that a comment before their line ignores are left
 * out; the comment is named when it ignores nothing.
 */
export function lint({ file, text, setup, include }: LintInput): Finding[] {
  const config = readConfig({ file, text, version: setup.version }, include);
  const [main] = config.sources;
  if (!main) return [];
  const view = makeView(config, main, setup);
  const findings = RULES.flatMap((rule) => rule.find(view).map((hit) => findingOf(rule, hit)));
  return suppress(sorted(findings), config.sources);
}

const LINE_STARTS = new WeakMap<object, number[]>();

/** A finding with its line and column. */
export function findingOf(rule: RuleText, hit: Hit): Finding {
  const { source, offset, end, fix, ...rest } = hit;
  const { line, column } = position(source, offset);
  const last = position(source, Math.max(end, offset));
  return {
    rule: rule.id,
    code: rule.code,
    severity: rest.severity ?? rule.severity,
    file: source.file,
    line,
    column,
    endColumn: last.line === line ? Math.max(last.column, column + 1) : column + 1,
    message: rest.message,
    does: rest.does ?? rule.does,
    mend: rest.mend ?? rule.mend,
    page: rule.page,
    stopsBoot: rest.stopsBoot ?? false,
    ...(fix && fix.length > 0 ? { fix } : {}),
  };
}

/** In the order of file, line, column. */
export function sorted(findings: Finding[]): Finding[] {
  const key = ({ file, line, column, rule }: Finding): [string, number, number, string] => [
    file,
    line,
    column,
    rule,
  ];
  return findings.sort((a, b) => {
    const [left, right] = [key(a), key(b)];
    const at = left.findIndex((part, index) => part !== right[index]);
    return at < 0 ? 0 : (left[at] ?? '') < (right[at] ?? '') ? -1 : 1;
  });
}

function position(source: Hit['source'], offset: number): { line: number; column: number } {
  let starts = LINE_STARTS.get(source);
  if (!starts) {
    starts = [0];
    for (let at = source.text.indexOf('\n'); at >= 0; at = source.text.indexOf('\n', at + 1))
      starts.push(at + 1);
    LINE_STARTS.set(source, starts);
  }
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}
