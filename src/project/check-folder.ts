import { stat } from 'node:fs/promises';
import { DeploykitError } from '../errors.js';

/** @throws DeploykitError DK_CONFIG_MISSING when the project folder is not there. */
export async function checkFolder(dir: string): Promise<void> {
  if (!(await isFolder(dir))) {
    throw new DeploykitError('DK_CONFIG_MISSING', `there is no folder ${dir}`, {
      hint: 'Name the project folder with -C.',
    });
  }
}

/** True for a folder, also through a symbolic link. */
export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
}
