import { keepsReleases } from '../flow/releases.js';
import type { Command } from './command.js';
import { withSession } from './with-session.js';

export const command: Command = async (context) => {
  const { flags, paint } = context;
  const session = await withSession(context, { running: true });
  const release = await keepsReleases(session).rollback(flags.to, { waitSeconds: flags.wait ?? 60 });
  return { data: { release }, text: `${paint('green', 'rolled back')}: release ${release} serves\n` };
};
