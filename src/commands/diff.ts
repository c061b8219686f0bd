import { DeploykitError } from '../errors.js';
import { compareDeployed } from '../flow/drift.js';
import { compareRendered } from '../flow/write-rendered.js';
import type { Drift } from '../targets/target.js';
import type { Paint } from '../ui/colour.js';
import type { Command } from './command.js';
import { paintDiff } from './paint-diff.js';
import { toolOf } from './render-tool.js';
import { withSession } from './with-session.js';

export const command: Command = async (context) => {
  const { flags, paint } = context;
  const session = await withSession(context);
  // Files for another place or tool are compared alone: what runs was not made from them.
  const alone = flags.out !== undefined || flags.format !== undefined;
  const { files, drift } = alone
    ? { files: await compareRendered(session, flags.out, toolOf(flags)), drift: [] }
    : await compareDeployed(session);
  const changed = files.filter(({ state }) => state !== 'same');
  const text = [
    ...changed.map(({ diff }) => paintDiff(diff, paint)),
    ...drift.map((one) => driftText(one, paint)),
  ];
  const problem = problemOf(changed.length, files.length, drift);
  return {
    data: { files, drift },
    text: text.length > 0 ? text.join('\n') : 'no changes\n',
    ...(problem ? { problem } : {}),
  };
};

function driftText({ what, message, diff, mend }: Drift, paint: Paint): string {
  const head = `${paint('bold', what)}: ${message}; ${mend ? `up: ${mend}` : 'up leaves it alone'}`;
  return diff === '' ? head : `${head}\n${paintDiff(diff, paint)}`;
}

function problemOf(changed: number, files: number, drift: readonly Drift[]): DeploykitError | null {
  if (changed === 0 && drift.length === 0) return null;
  const messages = [
    ...(changed > 0 ? [`${changed} of ${files} files differ`] : []),
    ...(drift.length > 0 ? [`${drift.length} things that run are not as they were made`] : []),
  ];
  const hint =
    changed > 0
      ? 'deploykit up (or render --out) writes them; a file edited by hand is kept without --force.'
      : 'deploykit up puts them right, and says so.';
  return new DeploykitError('DK_DIFFERS', messages.join('; '), { hint });
}
