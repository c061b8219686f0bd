import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { writeAtomic } from '../host/files.js';
import { driverJudge } from '../project/gevent/findings.js';
import type { Include } from '../uwsgi/ini/config.js';
import { lintBeside } from '../uwsgi/lint/beside/lint-beside.js';
import type { DriverJudge } from '../uwsgi/lint/beside/rules.js';
import { applyFixes } from '../uwsgi/lint/fix.js';
import { lint } from '../uwsgi/lint/lint.js';
import type { Finding } from '../uwsgi/lint/types.js';
import type { Setup } from '../uwsgi/lint/view.js';
import { filesIn, type LintFile, namedFiles } from './lint-files.js';

export interface LintOptions {
  /** The project folder; uWSGI is taken to be started there. */
  dir: string;
  /** The files to lint; none for those of the project. */
  files: readonly string[];
  setup: Pick<Setup, 'version' | 'build'>;
  fix: 'no' | 'show' | 'write';
}

export interface LintResult {
  files: string[];
  /** What is left, after the fixes that were written. */
  findings: Finding[];
  /** Texts by file, for excerpts. */
  texts: Map<string, string>;
  /** Unified diffs of the fixes. */
  diffs: { file: string; diff: string; fixed: number }[];
}

// Linux since 5.4; lower ones exist, and the machine that lints is seldom the one that serves.
const SOMAXCONN = 4096;

/** Lints the files that are named, or those of the project. @throws DeploykitError DK_USAGE, DK_LINT_FORMAT. */
export async function lintFiles(options: LintOptions): Promise<LintResult> {
  const { dir, files, fix } = options;
  const inputs = files.length > 0 ? await namedFiles(files) : await filesIn(dir);
  const result: LintResult = { files: [], findings: [], texts: new Map(), diffs: [] };
  const judge = inputs.some(asksForGevent) ? await driverJudge(dir) : null;
  for (const input of inputs) {
    const mended = fix === 'no' ? input.text : await mend(input, options, result);
    const read = { ...input, text: fix === 'write' ? mended : input.text };
    const findings = lintOne(read, options, result.texts, judge);
    result.files.push(input.file);
    result.findings.push(...findings);
  }
  return { ...result, findings: unique(result.findings) };
}

// Whether it takes effect is for the rules of the ini to say.
function asksForGevent({ kind, text }: LintFile): boolean {
  return kind === 'ini' && /^[ \t]*gevent[ \t]*=/m.test(text);
}

function lintOne(
  input: LintFile,
  { dir, setup }: LintOptions,
  texts: Map<string, string>,
  judge: DriverJudge | null,
): Finding[] {
  texts.set(input.file, input.text);
  if (input.kind !== 'ini') return lintBeside({ ...input, kind: input.kind }, judge);
  const places = [dir, path.dirname(input.file)];
  const include: Include = (name) => {
    const file = places.map((place) => path.resolve(place, name)).find((each) => existsSync(each));
    if (!file) return null;
    const text = readFileSync(file, 'utf8');
    texts.set(file, text);
    return { file, text };
  };
  const exists = (name: string): boolean => places.some((place) => existsSync(path.resolve(place, name)));
  return lint({
    file: input.file,
    text: input.text,
    include,
    setup: { ...setup, somaxconn: SOMAXCONN, exists },
  });
}

// Each round can uncover what an edit of another finding was in the way of.
async function mend(input: LintFile, options: LintOptions, result: LintResult): Promise<string> {
  let { text } = input;
  let fixed = 0;
  for (let round = 0; round < 5; round++) {
    const findings = lintOne({ ...input, text }, options, new Map(), null).filter(
      ({ file }) => file === input.file,
    );
    const next = applyFixes(text, findings);
    if (next.fixed.length === 0) break;
    fixed += next.fixed.length;
    text = next.text;
  }
  if (text === input.text) return text;
  const { createTwoFilesPatch } = await import('diff');
  const name = path.relative(process.cwd(), input.file);
  const diff = createTwoFilesPatch(name, name, input.text, text, '', '', { context: 2 });
  result.diffs.push({ file: input.file, diff, fixed });
  if (options.fix === 'write') await writeAtomic(input.file, text);
  return text;
}

// A file that two others include is read twice.
function unique(findings: Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ file, line, column, rule, message }) => {
    const key = JSON.stringify([file, line, column, rule, message]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
