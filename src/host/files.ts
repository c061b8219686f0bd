import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DeploykitError } from '../errors.js';

/**
 * Writes a file so that a reader sees the old contents or the new, never a part, whether this process is killed half-way
 * or the machine loses its power: a rename may reach the disk before what was written.
 */
export async function writeAtomic(file: string, contents: string, mode = 0o644): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, contents, { mode, flush: true });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** The text of a file, or null when there is none. */
export async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * What deploykit itself wrote down as JSON, or null when there is none.
 * @param hint what becomes of it when the file is deleted.
 * @throws DeploykitError DK_CONFIG_INVALID when it is damaged.
 */
export async function readRecord<T>(file: string, hint: string): Promise<T | null> {
  const text = await readIfThere(file);
  if (text === null) return null;
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new DeploykitError('DK_CONFIG_INVALID', 'what deploykit wrote down there is damaged', {
      ...{ file, hint: `Delete it: ${hint}`, cause: error },
    });
  }
}
