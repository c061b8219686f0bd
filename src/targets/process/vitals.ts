import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { treeMemory } from '../../host/tree-memory.js';
import { lastError } from '../../uwsgi/last-error.js';
import { requestRate } from '../../uwsgi/stats.js';
import { LIFELESS, type Vitals } from '../target.js';
import { hungWorkers } from './hubs.js';
import type { State } from './state.js';
import { readStatsSocket } from './stats-socket.js';

const SAMPLE_MS = 1000;

/** How the server of this machine is, measured over a second. */
export async function vitalsOf(state: State & { alive: boolean }, logFile: string): Promise<Vitals> {
  const log = (await readFile(logFile, 'utf8').catch(() => '')).split('\n');
  const error = lastError(log.map((text) => ({ at: null, text })));
  if (!state.alive) return { ...LIFELESS, lastError: error };
  const socket = path.join(state.plan.layout.run, 'stats.sock');
  const first = await readStatsSocket(socket);
  const began = performance.now();
  await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
  const read = await readStatsSocket(socket);
  const stats = read && { ...read, hung: await hungWorkers(path.dirname(socket), read.workerPids) };
  const seconds = (performance.now() - began) / 1000;
  const bytes = await treeMemory(state.master.pid);
  return {
    stats,
    requestsPerSecond: first && stats ? requestRate(first, stats, seconds) : null,
    memory: bytes === null ? null : { bytes, limitBytes: null },
    // Nothing supervises this server: one that ended stays down.
    restarts: { service: 0, workers: stats?.restarts ?? 0 },
    lastError: error,
  };
}
