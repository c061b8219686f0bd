import { DeploykitError } from '../errors.js';
import { compareRendered } from '../flow/write-rendered.js';
import type { Command } from './command.js';
import { withSession } from './with-session.js';

export const command: Command = async (context) => {
  const { flags, paint } = context;
  const files = await compareRendered(await withSession(context), flags.out, flags.format);
  const changed = files.filter(({ state }) => state !== 'same');
  const colour = { '+': 'green', '-': 'red', '@': 'cyan' } as const;
  const painted = (line: string): string => {
    const style = colour[line[0] as keyof typeof colour];
    return style ? paint(style, line) : line;
  };
  return {
    data: { files },
    text:
      changed.length > 0
        ? changed.map(({ diff }) => diff.split('\n').map(painted).join('\n')).join('\n')
        : 'no changes\n',
    ...(changed.length > 0
      ? {
          problem: new DeploykitError('DK_DIFFERS', `${changed.length} of ${files.length} files differ`, {
            hint: 'deploykit up (or render --out) writes them; a file edited by hand is kept without --force.',
          }),
        }
      : {}),
  };
};
