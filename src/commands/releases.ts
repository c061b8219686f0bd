import { keepsReleases } from '../flow/releases.js';
import type { Command } from './command.js';
import { withSession } from './with-session.js';

export const command: Command = async (context) => {
  const session = await withSession(context, { running: true });
  const releases = await keepsReleases(session).releases();
  const lines = releases.map(({ host, id, current, healthy }) => {
    const state = current
      ? context.paint('green', 'serves')
      : healthy
        ? 'served well'
        : context.paint('dim', 'never served');
    return `${host}  ${id}  ${state}`;
  });
  return { data: { releases }, text: lines.length > 0 ? lines.join('\n') : 'no releases\n' };
};
