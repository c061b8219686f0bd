import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

// As probe.py: a hub writes the time once a second.
const STANDSTILL_S = 5;

/** How many of these workers have a hub that stands still, by the files of watchdog.py in the run folder. */
export async function hungWorkers(run: string, workerPids: readonly number[]): Promise<number> {
  const names = (await readdir(run)).filter((name) => /^hub-\d+$/.test(name));
  const hubs = await Promise.all(names.map((name) => readFile(path.join(run, name), 'utf8')));
  const now = Number(process.hrtime.bigint()) / 1e9;
  return hubs
    .filter((text) => text !== '')
    .map((text) => JSON.parse(text) as { pid: number; ran: number })
    .filter(({ pid, ran }) => workerPids.includes(pid) && now - ran > STANDSTILL_S).length;
}
