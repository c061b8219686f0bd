import type { Finding } from '../../uwsgi/lint/types.js';
import { docsOf, type LintReport } from './input.js';

/** Findings as data; paths as they are shown. */
export function lintJson({ findings, files, shown }: LintReport): Record<string, unknown> {
  const count = (severity: Finding['severity']): number =>
    findings.filter((finding) => finding.severity === severity).length;
  return {
    files: files.map(shown),
    findings: findings.map((finding) => ({ ...finding, file: shown(finding.file), docs: docsOf(finding) })),
    errors: count('error'),
    warnings: count('warning'),
    notes: count('note'),
  };
}
