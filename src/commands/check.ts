import { DeploykitError } from '../errors.js';
import { runnable } from '../flow/session.js';
import type { Command } from './command.js';
import { withSession } from './with-session.js';

export const command: Command = async (context) => {
  const { paint } = context;
  const session = await withSession(context);
  const target = runnable(session);
  if (!target.check) {
    throw new DeploykitError(
      'DK_TARGET_UNKNOWN',
      `there is nothing to check before an up on ${target.name} (${target.kind})`,
      {
        hint: 'A systemd target is checked: its hosts, before anything changes.',
      },
    );
  }
  const rows = await target.check();
  const column = Math.max(...rows.map((row) => row.what.length));
  const lines = rows.flatMap(({ host, what, ok, value, hint }) => [
    `${ok ? paint('green', 'ok  ') : paint('red', 'no  ')}${host}  ${what.padEnd(column)}  ${value}`,
    ...(hint ? [`    ${paint('dim', hint)}`] : []),
  ]);
  const bad = rows.filter((row) => !row.ok);
  const names = bad.map((row) => `${row.host} ${row.what}`).join(', ');
  return {
    data: { rows },
    text: lines.join('\n'),
    ...(bad.length > 0
      ? {
          problem: new DeploykitError('DK_HOST_UNFIT', `not ready: ${names}`, {
            hint: bad[0]?.hint ?? '',
            exitCode: 4,
          }),
        }
      : {}),
  };
};
