import type { Severity } from '../../uwsgi/lint/types.js';
import { workflowCommand } from '../github.js';
import type { LintReport } from './input.js';

const LEVELS = { error: 'error', warning: 'warning', note: 'notice' } as const satisfies Record<
  Severity,
  string
>;

/** Findings as annotations of a GitHub Actions run, one workflow command a line. */
export function lintGithub({ findings, shown }: LintReport): string {
  const lines = findings.map(({ severity, file, line, column, endColumn, rule, message, does, mend }) =>
    workflowCommand(
      LEVELS[severity],
      { file: shown(file), line, col: column, endColumn, title: `${rule}: ${message}` },
      `${does}\n${mend}`,
    ),
  );
  return lines.map((line) => `${line}\n`).join('');
}
