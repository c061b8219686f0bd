import path from 'node:path';
import { readRecord, writeAtomic } from '../host/files.js';
import type { Overrides } from '../project/types.js';

// What an update starts from. The shape is not among them: that of what runs is asked of the target.
const KEPT = ['name', 'app.module', 'app.python', 'image.base', 'server.bind', 'server.port'];

const fileOf = (dir: string, target: string): string =>
  path.join(dir, '.deploykit', 'last-flags', `${target}.json`);

/**
 * The settings that the last `up` of a target was given by flags: `status`, `bench` and `drill` are about what it
 * deployed, and need not be told again.
 * @param dir the project folder.
 */
export async function recallFlags(dir: string, target: string | undefined): Promise<Overrides> {
  if (target === undefined) return {};
  return (await readRecord<Overrides>(fileOf(dir, target), 'the next up is given its flags again.')) ?? {};
}

/** Keeps those of an `up` that went well; one that failed or was killed leaves what the last good one was given. */
export async function rememberFlags(dir: string, target: string, overrides: Overrides): Promise<void> {
  const kept = Object.fromEntries(KEPT.flatMap((key) => (key in overrides ? [[key, overrides[key]]] : [])));
  await writeAtomic(fileOf(dir, target), `${JSON.stringify(kept)}\n`);
}
