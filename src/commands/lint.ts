import path from 'node:path';
import { DeploykitError } from '../errors.js';
import { type LintResult, lintFiles } from '../flow/lint.js';
import { lintGithub } from '../report/lint/github.js';
import { counts, type LintReport } from '../report/lint/input.js';
import { lintJson } from '../report/lint/json.js';
import { lintSarif } from '../report/lint/sarif.js';
import { lintText } from '../report/lint/text.js';
import type { Finding } from '../uwsgi/lint/types.js';
import { UWSGI_VERSION } from '../uwsgi/options.js';
import type { Command, CommandContext, Flags } from './command.js';

const BUILDS = { pip: 'pip', distribution: 'modular' } as const;

export const command: Command = async (context) => {
  const { flags } = context;
  const dir = path.resolve(flags.projectDir ?? '.');
  const result = await lintFiles({
    dir,
    files: flags.files ?? [],
    setup: {
      version: flags.uwsgiVersion ?? UWSGI_VERSION,
      build: flags.uwsgiBuild ? BUILDS[flags.uwsgiBuild] : null,
    },
    fix: flags.fix ? (flags.dryRun ? 'show' : 'write') : 'no',
  });
  if (result.files.length === 0) {
    throw new DeploykitError('DK_USAGE', `no ini with a [uwsgi] section in ${dir}`, {
      hint: 'Name the file: deploykit lint path/to/uwsgi.ini',
    });
  }
  const report: LintReport = { ...result, shown };
  const problem = problemOf(report, flags.failOn ?? 'error');
  return {
    data: { ...lintJson(report), diffs: result.diffs.map((each) => ({ ...each, file: shown(each.file) })) },
    text: print(report, result, context),
    ...(problem ? { problem } : {}),
  };
};

function print(report: LintReport, { diffs }: LintResult, { flags, paint }: CommandContext): string {
  const { format } = flags;
  if (format === 'json') return JSON.stringify(lintJson(report), null, 2);
  if (format === 'sarif') return JSON.stringify(lintSarif(report), null, 2);
  if (format === 'github') return lintGithub(report);
  const did = flags.dryRun ? 'would mend' : 'mended';
  const shownDiffs = diffs.map(
    ({ file, diff, fixed }) => `${paint('green', did)} ${fixed} in ${shown(file)}\n${diff}`,
  );
  return [...shownDiffs, lintText(report, paint)].join('\n');
}

function problemOf({ findings }: LintReport, failOn: NonNullable<Flags['failOn']>): DeploykitError | null {
  const counted: Record<typeof failOn, Finding['severity'][]> = {
    error: ['error'],
    warning: ['error', 'warning'],
    never: [],
  };
  const bad = findings.filter(({ severity }) => counted[failOn].includes(severity));
  if (bad.length === 0) return null;
  return new DeploykitError('DK_LINT', counts(bad), {
    hint: 'Each finding says what uWSGI does and how to mend it.',
  });
}

// SARIF and GitHub want forward slashes and no leading dots where the file lies below the current folder.
function shown(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith('..') ? file : relative.split(path.sep).join('/');
}
