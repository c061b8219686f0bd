import path from 'node:path';
import { DeploykitError } from '../errors.js';
import { initProject } from '../project/init.js';
import type { Command } from './command.js';

export const command: Command = async ({ flags, progress, paint }) => {
  const interactive =
    Boolean(process.stdin.isTTY && process.stderr.isTTY) &&
    !flags.json &&
    !flags.yes &&
    flags.input !== false &&
    !process.env['CI'];
  const outcome = await initProject({
    dir: path.resolve(flags.projectDir ?? '.'),
    ...(flags.name ? { name: flags.name } : {}),
    ...(flags.module ? { module: flags.module } : {}),
    ...(flags.python ? { python: flags.python } : {}),
    ...(interactive ? { choose: ask } : {}),
  });
  progress.stop();
  const column = Math.max(...outcome.findings.map((finding) => finding.what.length));
  const found = outcome.findings.map(({ what, value, why, where }) => {
    const evidence = where ? `${why} (${where})` : why;
    return `  ${what.padEnd(column)}  ${paint('bold', value)}  ${paint('dim', evidence)}`;
  });
  const file = path.relative(process.cwd(), outcome.file) || outcome.file;
  const text = [
    'found',
    ...found,
    `${paint('green', 'wrote')} ${file}`,
    '  next: deploykit up --async 100',
    '',
  ].join('\n');
  return { data: outcome, text };
};

async function ask(question: string, candidates: readonly string[]): Promise<string> {
  const { isCancel, select } = await import('@clack/prompts');
  const answer = await select({
    message: question,
    options: candidates.map((value) => ({ value, label: value })),
    output: process.stderr,
  });
  if (isCancel(answer)) throw new DeploykitError('DK_INTERRUPTED', 'nothing was written');
  return answer;
}
