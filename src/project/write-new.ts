import { randomUUID } from 'node:crypto';
import { link, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DeploykitError } from '../errors.js';

/**
 * Writes a file that must not exist yet: a reader sees all of it or nothing, and of two writers one wins.
 * @throws DeploykitError DK_CONFIG_EXISTS, DK_USAGE (the folder cannot be written to).
 */
export async function writeNew(file: string, contents: string): Promise<void> {
  await write(file, contents, async (temporary) => {
    try {
      // Unlike a rename, a link fails when the name is taken.
      await link(temporary, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw exists(file);
      // A file system without links: the plain exclusive write keeps the promise but for a kill half-way.
      await writeFile(file, contents, { flag: 'wx' });
    }
  });
}

/**
 * Writes a file of deploykit's own, replacing an older one in one step; makes its folder.
 * @throws DeploykitError DK_USAGE.
 */
export async function replaceFile(file: string, contents: string): Promise<void> {
  await write(file, contents, (temporary) => rename(temporary, file));
}

async function write(
  file: string,
  contents: string,
  publish: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    await mkdir(path.dirname(file), { recursive: true });
    try {
      await writeFile(temporary, contents, { flag: 'wx' });
      await publish(temporary);
    } finally {
      await rm(temporary, { force: true });
    }
  } catch (error) {
    if (error instanceof DeploykitError) throw error;
    throw new DeploykitError('DK_USAGE', `${file} cannot be written: ${(error as Error).message}`, {
      hint: 'Check the rights of the folder, and the space on its disk.',
      file,
      cause: error,
    });
  }
}

/** The error of `init` in a project that has a project file. */
export function exists(file: string, what = path.basename(file)): DeploykitError {
  return new DeploykitError('DK_CONFIG_EXISTS', `${what} exists already; init does not overwrite it`, {
    hint: 'Edit the file, or remove it first to have it written anew.',
    file,
  });
}
