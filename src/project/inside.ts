import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { DeploykitError } from '../errors.js';

/**
 * Refuses a path that leaves the project folder, by its text or through a symbolic link.
 * @param subject begins the message, e.g. `app.dir = "../x"`.
 * @throws DeploykitError DK_FILE_OUTSIDE.
 */
export async function inside(
  dir: string,
  relative: string,
  subject: string,
  where: { file?: string; line?: number } = {},
): Promise<void> {
  const target = path.resolve(dir, relative);
  if (contains(dir, target) && contains(await real(dir), await real(target))) return;
  throw new DeploykitError('DK_FILE_OUTSIDE', `${subject} leaves the project folder`, {
    hint: 'Releases and images hold the project folder only: move the file into it, or run deploykit one folder up.',
    ...where,
  });
}

function contains(dir: string, target: string): boolean {
  const relative = path.relative(dir, target);
  return relative === '' || (!path.isAbsolute(relative) && relative.split(path.sep)[0] !== '..');
}

// Of a path that is not there yet, the part that is there decides.
async function real(target: string): Promise<string> {
  try {
    return await realpath(target);
  } catch {
    const parent = path.dirname(target);
    return parent === target ? target : path.join(await real(parent), path.basename(target));
  }
}
