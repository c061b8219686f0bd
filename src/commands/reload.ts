import { keepsReleases } from '../flow/releases.js';
import type { Command } from './command.js';
import { withSession } from './with-session.js';

export const command: Command = async (context) => {
  const session = await withSession(context, { running: true });
  await keepsReleases(session).reload({ waitSeconds: context.flags.wait ?? 60 });
  return {
    data: { reloaded: true },
    text: `${context.paint('green', 'reloaded')}: every worker was replaced when its requests were done\n`,
  };
};
