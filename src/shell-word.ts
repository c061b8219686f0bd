import { DeploykitError } from './errors.js';

/**
 * A word for a POSIX shell: as it is when harmless, else in single quotes, in which everything but NUL is literal.
 * @throws DeploykitError DK_RENDER_VALUE.
 */
export function shellWord(value: string): string {
  if (value.includes('\0')) {
    throw new DeploykitError('DK_RENDER_VALUE', `a shell command cannot hold ${JSON.stringify(value)}`, {
      hint: 'Remove the NUL.',
    });
  }
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
