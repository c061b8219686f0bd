import { runnable } from '../flow/session.js';
import type { Command } from './command.js';
import { withSession } from './with-session.js';

export const command: Command = async (context) => {
  const { flags, writeLine } = context;
  const session = await withSession(context, { running: true });
  const lines: string[] = [];
  const source = runnable(session).logs({ follow: flags.follow ?? false, lines: flags.lines ?? 100 });
  for await (const line of source) {
    if (flags.json) lines.push(line);
    else writeLine(line);
  }
  return { data: { lines }, text: '' };
};
