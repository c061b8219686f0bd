import { link, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DeploykitError } from '../errors.js';
import { readIfThere } from './files.js';
import { identify, isAlive, type ProcessIdentity } from './processes.js';

interface Holder extends ProcessIdentity {
  machine: string;
  command: string;
  /** ISO 8601. */
  since: string;
}

/**
 * Takes the one lock of a deployment; the returned function gives it back.
 * A lock whose holder no longer runs on this machine is stale and taken over.
 * @throws DeploykitError DK_LOCKED, naming who holds it and since when.
 */
export async function takeLock(file: string, command: string): Promise<() => Promise<void>> {
  await mkdir(path.dirname(file), { recursive: true });
  const own = await identify(process.pid);
  const holder: Holder = {
    pid: process.pid,
    startTime: own?.startTime ?? null,
    machine: os.hostname(),
    command,
    since: new Date().toISOString(),
  };
  // Written aside and linked: the lock never exists without its contents.
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, JSON.stringify(holder));
  try {
    if (!(await claim(temporary, file))) await takeOver(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
  return () => rm(file, { force: true });
}

async function claim(temporary: string, file: string): Promise<boolean> {
  try {
    await link(temporary, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function takeOver(temporary: string, file: string): Promise<void> {
  const text = await readIfThere(file);
  if (text !== null) {
    const holder = parseHolder(text);
    if (holder && (holder.machine !== os.hostname() || (await isAlive(holder)))) throw locked(holder, file);
    // Renamed first: of two that find the same stale lock, one rename fails and its owner sees the other's lock.
    const stale = `${file}.stale.${process.pid}`;
    await rename(file, stale).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await rm(stale, { force: true });
  }
  if (!(await claim(temporary, file))) throw locked(parseHolder((await readIfThere(file)) ?? ''), file);
}

function parseHolder(text: string): Holder | null {
  try {
    return JSON.parse(text) as Holder;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function locked(holder: Holder | null, file: string): DeploykitError {
  const who = holder
    ? `${holder.command} (process ${holder.pid} on ${holder.machine}, since ${holder.since})`
    : 'another run';
  return new DeploykitError('DK_LOCKED', `this deployment is locked by ${who}`, {
    file,
    hint: 'Wait until it ends. If that machine is gone for good, delete the lock file.',
  });
}
