import { down } from '../flow/up.js';
import type { Command } from './command.js';
import { withSession } from './with-session.js';

export const command: Command = async (context) => {
  const session = await withSession(context, { running: true });
  const wasRunning = await down(session, { purge: context.flags.purge ?? false });
  const { name } = session.loaded.project;
  return {
    data: { name, target: session.choice.name, wasRunning },
    text: wasRunning ? `down: ${name} was stopped\n` : `down: nothing was running for ${name}\n`,
  };
};
