import path from 'node:path';
import { DeploykitError } from '../errors.js';
import type { Paint } from './colour.js';

/** An error for people: what, where, the evidence, how to mend it. A stack only when asked for (`-vv`) or for a defect. */
export function errorText(error: unknown, paint: Paint, verbosity: number): string {
  if (!(error instanceof DeploykitError)) return defectText(error, paint);
  const { hint, excerpt, hosts } = error.details;
  const lines = [`${paint('red', 'error')} ${paint('dim', error.code)} ${paint('bold', error.message)}`];
  const where = place(error);
  if (where) lines.push(`  ${paint('cyan', where)}`);
  if (excerpt) lines.push(...excerpt.split('\n').map((line) => `  ${paint('dim', '│')} ${line}`));
  for (const { host, outcome, message } of hosts ?? [])
    lines.push(`  ${host}: ${outcome}${message ? `: ${message}` : ''}`);
  if (hint)
    lines.push(
      ...hint.split('\n').map((line, i) => (i === 0 ? `  ${paint('green', 'hint:')} ${line}` : `  ${line}`)),
    );
  if (verbosity >= 2 && error.stack) lines.push(paint('dim', error.stack));
  return `${lines.join('\n')}\n`;
}

function place({ details }: DeploykitError): string | null {
  if (!details.file) return null;
  const relative = path.relative(process.cwd(), details.file);
  const shown = relative.startsWith('..') ? details.file : relative;
  return [shown, details.line, details.column].filter((part) => part !== undefined).join(':');
}

function defectText(error: unknown, paint: Paint): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${paint('red', 'error')} ${paint('dim', 'DK_INTERNAL')} a defect of deploykit, please report it:\n${stack}\n`;
}
