import { scale } from '../flow/scale.js';
import { counted } from '../report/numbers.js';
import type { Command } from './command.js';
import { withSession } from './with-session.js';

export const command: Command = async (context) => {
  const { flags, paint } = context;
  const session = await withSession(context, { running: true });
  const wanted = Number(flags.files?.[0]);
  const { before, after, release, later } = await scale(session, wanted, { waitSeconds: flags.wait ?? 60 });
  const head =
    before === after
      ? `${paint('green', 'no changes')}: ${counted(after, 'replica serves', 'replicas serve')} release ${release}`
      : `${paint('green', 'scaled')} from ${before} to ${counted(after, 'replica')} of release ${release}`;
  return {
    data: { release, before, after, changed: before !== after, later },
    text: `${head}\n  ${later}\n`,
  };
};
