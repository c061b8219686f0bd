import path from 'node:path';
import { DeploykitError } from '../errors.js';
import { type InitResult, initProject } from '../project/init.js';
import type { Paint } from '../ui/colour.js';
import type { Command } from './command.js';

const MOST_OTHERS = 3;
const SHAPE = ['server.async', 'server.threads'];

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
    ...(flags.python ? { answers: { 'app.python': flags.python } } : {}),
    ...(flags.from ? { from: path.resolve(flags.projectDir ?? '.', flags.from) } : {}),
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
    ...otherCandidates(outcome, paint),
    ...remarked(outcome, paint),
    `${paint('green', 'wrote')} ${file}`,
    `  next: deploykit up${outcome.findings.some(({ what }) => SHAPE.includes(what)) ? '' : ' --async 100'}`,
    '',
  ].join('\n');
  return { data: outcome, text };
};

// When another one is meant, the user sees its name here.
function otherCandidates({ candidates, findings }: InitResult, paint: Paint): string[] {
  const taken = findings.find(({ what }) => what === 'app.module')?.value;
  const others = candidates.filter(({ module }) => module !== taken);
  if (others.length === 0) return [];
  const lines = others.slice(0, MOST_OTHERS).map(({ module, confidence, why, where }) => {
    return `  ${paint('bold', module)}  ${confidence}  ${paint('dim', `${why} (${where})`)}`;
  });
  const more = others.length - lines.length;
  return ['also found, not taken', ...lines, ...(more > 0 ? [`  and ${more} more (--json lists all)`] : [])];
}

// What is in the old ini and not in the project file is said, line by line: the user decides.
function remarked({ remarks }: InitResult, paint: Paint): string[] {
  if (remarks.length === 0) return [];
  const lines = remarks.flatMap(({ option, value, line, why }) => [
    `  ${String(line).padStart(4)}  ${paint('bold', value === '' ? option : `${option} = ${value}`)}`,
    `        ${paint('dim', why)}`,
  ]);
  return ['not as it was', ...lines];
}

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
