import type { Finding, Severity } from '../../uwsgi/lint/types.js';

/** What the formats print. */
export interface LintReport {
  findings: readonly Finding[];
  /** Texts of the files, by absolute path. */
  texts: ReadonlyMap<string, string>;
  files: readonly string[];
  /** A file's path as it is shown: relative to the current folder where it lies below it. */
  shown: (file: string) => string;
}

/** `3 errors, 1 warning`; empty for none. */
export function counts(findings: readonly Finding[]): string {
  const words = (['error', 'warning', 'note'] satisfies Severity[]).flatMap((severity) => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return number === 0 ? [] : [`${number} ${severity}${number === 1 ? '' : 's'}`];
  });
  return words.join(', ');
}

/** The paragraph about a rule in the documentation that comes with deploykit. */
export const docsOf = ({ rule }: Pick<Finding, 'rule'>): string => `deploy/rules.md#${rule}`;
