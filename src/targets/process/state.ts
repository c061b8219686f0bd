import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Endpoint } from '../../endpoint.js';
import { readRecord, writeAtomic } from '../../host/files.js';
import { isAlive, type ProcessIdentity } from '../../host/processes.js';
import type { Plan } from '../../plan/types.js';

/** What runs, as the next command needs it. */
export interface State {
  release: string;
  master: ProcessIdentity;
  endpoint: Endpoint;
  /** The plan it was started with. */
  plan: Plan;
  /** Of the application's own variables, which a server keeps as long as it lives. */
  environmentHash: string;
  startedAt: string;
  /** False until the release proved healthy: one left so by a killed run is stopped by the next. */
  healthy: boolean;
}

const fileOf = (folder: string): string => path.join(folder, 'state.json');

/** The recorded state with whether its master still runs; null when there is none. @throws DK_CONFIG_INVALID. */
export async function readState(folder: string): Promise<(State & { alive: boolean }) | null> {
  const hint = 'a server that it named goes on running; end it by its process id, then deploykit up.';
  const state = await readRecord<State>(fileOf(folder), hint);
  return state && { ...state, alive: await isAlive(state.master) };
}

export async function writeState(folder: string, state: State): Promise<void> {
  await writeAtomic(fileOf(folder), `${JSON.stringify(state, null, 2)}\n`, 0o600);
}

export async function clearState(folder: string): Promise<void> {
  await rm(fileOf(folder), { force: true });
}
