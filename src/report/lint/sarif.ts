import type { Edit, Finding } from '../../uwsgi/lint/types.js';
import { docsOf, type LintReport } from './input.js';

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

/** Findings as SARIF 2.1.0 (OASIS), for code scanning. */
export function lintSarif({ findings, shown, texts }: LintReport): Record<string, unknown> {
  const rules = [...new Map(findings.map((finding) => [finding.rule, finding])).values()];
  const index = new Map(rules.map(({ rule }, position) => [rule, position]));
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'deploykit', rules: rules.map(reportingDescriptor) } },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => ({
          ruleId: finding.rule,
          ruleIndex: index.get(finding.rule) ?? 0,
          level: finding.severity,
          message: { text: `${finding.message}. ${finding.does} ${finding.mend}` },
          locations: [{ physicalLocation: location(finding, shown) }],
          ...(finding.fix
            ? { fixes: [fixOf(finding, finding.fix, shown, texts.get(finding.file) ?? '')] }
            : {}),
        })),
      },
    ],
  };
}

function reportingDescriptor(finding: Finding): Record<string, unknown> {
  const { rule, code, does, mend, page } = finding;
  return {
    id: rule,
    name: code,
    fullDescription: { text: does },
    help: { text: `${mend} See ${docsOf(finding)}.` },
    ...(page ? { helpUri: page } : {}),
  };
}

function location(finding: Finding, shown: LintReport['shown']): Record<string, unknown> {
  const { line, column, endColumn, file } = finding;
  return {
    artifactLocation: { uri: uri(shown(file)) },
    region: { startLine: line, startColumn: column, endColumn },
  };
}

function fixOf(
  finding: Finding,
  edits: Edit[],
  shown: LintReport['shown'],
  text: string,
): Record<string, unknown> {
  return {
    description: { text: finding.mend },
    artifactChanges: [
      {
        artifactLocation: { uri: uri(shown(finding.file)) },
        replacements: edits.map(({ offset, end, text: inserted }) => ({
          deletedRegion: { ...start(text, offset), ...endOf(text, end) },
          insertedContent: { text: inserted },
        })),
      },
    ],
  };
}

const uri = (file: string): string => file.split('/').map(encodeURIComponent).join('/');

function start(text: string, offset: number): { startLine: number; startColumn: number } {
  const before = text.slice(0, offset).split('\n');
  return { startLine: before.length, startColumn: (before.at(-1)?.length ?? 0) + 1 };
}

function endOf(text: string, offset: number): { endLine: number; endColumn: number } {
  const { startLine, startColumn } = start(text, offset);
  return { endLine: startLine, endColumn: startColumn };
}
