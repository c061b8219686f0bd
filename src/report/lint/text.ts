import type { Finding, Severity } from '../../uwsgi/lint/types.js';
import { counts, docsOf, type LintReport } from './input.js';

type Paint = (style: 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan', text: string) => string;

const COLOURS = { error: 'red', warning: 'yellow', note: 'cyan' } as const satisfies Record<Severity, string>;
const WIDEST = 100;

/** Findings for people: where, what, the line, what uWSGI will do, how to mend it. */
export function lintText(report: LintReport, paint: Paint): string {
  const { findings, files, shown, texts } = report;
  if (findings.length === 0) {
    const names = files.length === 1 ? shown(files[0] ?? '') : `${files.length} files`;
    return `${paint('green', 'ok')} ${names}: nothing to say\n`;
  }
  const blocks = findings.map((finding) => block(finding, shown, texts.get(finding.file) ?? '', paint));
  return `${blocks.join('\n')}\n${counts(findings)} in ${files.length} file${files.length === 1 ? '' : 's'}\n`;
}

function block(finding: Finding, shown: LintReport['shown'], text: string, paint: Paint): string {
  const { severity, rule, code, line, column, endColumn, message, does, mend, page } = finding;
  const place = paint('bold', `${shown(finding.file)}:${line}:${column}`);
  const source = (text.split('\n')[line - 1] ?? '').replace(/\r$/, '').slice(0, WIDEST);
  const gutter = ' '.repeat(String(line).length);
  const width = Math.max(1, Math.min(endColumn - column, source.length - column + 1));
  // Tabs are kept, so that the mark stands where the terminal puts the character.
  const indent = source.slice(0, column - 1).replace(/[^\t]/g, ' ');
  return [
    `${place} ${paint(COLOURS[severity], severity)} ${rule} ${paint('dim', `(${code})`)} ${message}`,
    `  ${line} | ${source}`,
    `  ${gutter} | ${indent}${paint(COLOURS[severity], '^'.repeat(width))}`,
    `  uWSGI: ${does}`,
    `  ${paint('green', 'mend:')} ${mend}`,
    `  ${paint('dim', `more: ${docsOf({ rule })}${page ? ` and ${page}` : ''}`)}`,
    '',
  ].join('\n');
}
