import path from 'node:path';
import { openSession, type Session } from '../flow/session.js';
import { type CommandContext, overridesOf } from './command.js';

/** Opens the session that a command's flags ask for. */
export function withSession(context: CommandContext, options: { running?: boolean } = {}): Promise<Session> {
  const { flags, progress, signal, warnings } = context;
  const reporter = {
    step: (text: string) => progress.step(text),
    detail: (line: string) => progress.detail(line),
    warn: (text: string) => {
      warnings.push(text);
      progress.warn(text);
    },
  };
  return openSession({
    dir: path.resolve(flags.projectDir ?? '.'),
    ...(flags.config ? { configFile: path.resolve(flags.config) } : {}),
    ...(flags.target ? { target: flags.target } : {}),
    running: options.running ?? false,
    overrides: overridesOf(flags),
    dockerHost: flags.dockerHost,
    build: flags.build,
    reporter,
    signal,
  });
}
