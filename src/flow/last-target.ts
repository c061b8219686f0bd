import path from 'node:path';
import { readIfThere, writeAtomic } from '../host/files.js';

const fileOf = (dir: string): string => path.join(dir, '.deploykit', 'last-target');

/** The target the last `up` used: `status`, `logs`, `bench` and `down` mean that one when none is named. */
export async function recallTarget(dir: string): Promise<string | undefined> {
  const text = await readIfThere(fileOf(dir));
  return text?.trim() || undefined;
}

export async function rememberTarget(dir: string, name: string): Promise<void> {
  await writeAtomic(fileOf(dir), `${name}\n`);
}
