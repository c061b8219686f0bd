import { constants } from 'node:fs';
import { chmod, mkdir, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { DeploykitError, throwIfAborted } from '../../errors.js';
import { identify, isAlive, type ProcessIdentity } from '../../host/processes.js';
import { run, startDetached } from '../../host/run.js';
import type { Plan } from '../../plan/types.js';
import type { StatsSummary } from '../../uwsgi/stats.js';
import { bootError } from '../boot-error.js';
import { questionFor } from '../evidence.js';
import { checkHealth, checkSlots } from '../health.js';
import { httpGet } from './http-get.js';
import { readStatsSocket } from './stats-socket.js';

/** One uWSGI master with its own ini, run folder and log. */
interface InstanceFiles {
  ini: string;
  run: string;
  log: string;
}

export interface StartInput {
  plan: Plan;
  files: InstanceFiles;
  env: Record<string, string>;
  port: number;
  host: string;
  seconds: number;
  signal: AbortSignal;
  /** Called as soon as the process exists, before it is healthy. */
  onStarted?: (master: ProcessIdentity) => Promise<void>;
}

/** An instance that goes on has its environment already. */
type RenewInput = Omit<StartInput, 'env'>;

const POLL_MS = 100;
const LOAD_MS = 30_000;

/**
 * Starts an instance and waits until it is loaded, has its slots and answers. What failed is stopped again.
 * @throws DeploykitError DK_APP_*, DK_GEVENT_MISSING, DK_PORT_TAKEN, DK_SERVER_FAILED, DK_NOT_ASYNC, DK_TIMEOUT.
 */
export async function startInstance(input: StartInput): Promise<ProcessIdentity> {
  const { plan, files, env } = input;
  await mkdir(files.run, { recursive: true, mode: 0o700 });
  await chmod(files.run, 0o700);
  await rm(files.log, { force: true });
  const argv = [`${plan.layout.venv}/bin/uwsgi`, '--ini', files.ini];
  const pid = await startDetached(argv, { cwd: plan.layout.app, env, logFile: files.log });
  const master = (await identify(pid)) ?? { pid, startTime: null };
  try {
    await input.onStarted?.(master);
    await waitReady(input, master);
    return master;
  } catch (error) {
    await killInstance(master);
    throw error;
  }
}

/**
 * Has a running instance load what its ini says now: the workers finish their requests, and uWSGI executes itself anew
 * with the sockets it has. What comes meanwhile waits in their queue.
 * @throws DeploykitError as startInstance; the instance has then ended.
 */
export async function renewInstance(input: RenewInput, master: ProcessIdentity): Promise<void> {
  const { files, signal } = input;
  const old = (await waitUntilHeard(files.run, signal))?.workerPids ?? [];
  throwIfAborted(signal);
  if (!(await writeFifo(path.join(files.run, 'master.fifo'), 'r'))) process.kill(master.pid, 'SIGHUP');
  try {
    // The old workers may take their time to finish.
    const seconds = input.seconds + input.plan.server.timeouts.reloadMercy;
    await waitReady({ ...input, seconds }, master, old);
  } catch (error) {
    await killInstance(master);
    throw error;
  }
}

/** @param old workers that do not count. */
async function waitReady(
  input: RenewInput & Partial<StartInput>,
  master: ProcessIdentity,
  old: readonly number[] = [],
): Promise<void> {
  const { plan, files, env, seconds, signal } = input;
  const deadline = Date.now() + seconds * 1000;
  const log = (): Promise<string> => readFile(files.log, 'utf8');
  for (;;) {
    throwIfAborted(signal);
    if (!(await isAlive(master))) throw bootError(await log(), plan);
    const stats = await readStatsSocket(path.join(files.run, 'stats.sock'));
    const isNew = !stats?.workerPids.some((pid) => old.includes(pid));
    if (stats && isNew && stats.workers > 0 && stats.ready === stats.workers) {
      checkSlots(stats, plan);
      break;
    }
    if (Date.now() > deadline) {
      throw new DeploykitError('DK_TIMEOUT', `the application was not loaded in ${seconds} s`, {
        excerpt: tail(await log()),
        hint: 'Give it more time with --wait SECONDS, or make its import faster.',
      });
    }
    await sleep(POLL_MS);
  }
  const answer = await httpGet(
    { host: input.host, port: input.port, hostHeader: plan.app.hostHeader },
    plan.app.healthPath,
    signal,
  );
  throwIfAborted(signal);
  const { venv, helpers, app: cwd } = plan.layout;
  await checkHealth(answer, plan, {
    log: async () => tail(await log()),
    ask: async () => (env ? (await run(questionFor(plan, venv, helpers), { cwd, env, signal })).stdout : ''),
  });
}

/**
 * Stops an instance gracefully through its master fifo (`q`: workers finish their requests), and waits for its end.
 * @throws DeploykitError DK_STOP_TIMEOUT after the grace time; the instance is then killed.
 */
export async function stopInstance(
  master: ProcessIdentity,
  run: string,
  graceSeconds: number,
): Promise<void> {
  if (!(await isAlive(master))) return;
  await waitUntilHeard(run);
  // The fifo is there once the master loop runs; before that, and without a reader, the signal hook does the same.
  if (!(await writeFifo(path.join(run, 'master.fifo'), 'q'))) process.kill(master.pid, 'SIGTERM');
  const deadline = Date.now() + graceSeconds * 1000;
  while (await isAlive(master)) {
    if (Date.now() > deadline) {
      await killInstance(master);
      throw new DeploykitError(
        'DK_STOP_TIMEOUT',
        `the server did not stop in ${graceSeconds} s and was killed`,
        {
          hint: 'A request ran longer than [server] graceful_timeout; raise it, or find the request.',
        },
      );
    }
    await sleep(50);
  }
}

// While a worker loads the application it ignores what would end it, and the master asks once (probe.py, loads).
async function waitUntilHeard(run: string, signal?: AbortSignal): Promise<StatsSummary | null> {
  const deadline = Date.now() + LOAD_MS;
  for (;;) {
    const stats = await readStatsSocket(path.join(run, 'stats.sock'));
    const loads = stats !== null && stats.ready < stats.workers;
    if (!loads || signal?.aborted || Date.now() > deadline) return stats;
    await sleep(POLL_MS);
  }
}

/** Ends an instance at once, its workers with it: the master leads a process group of its own. */
export async function killInstance(master: ProcessIdentity): Promise<void> {
  if (!(await isAlive(master))) return;
  try {
    process.kill(-master.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
  while (await isAlive(master)) await sleep(20);
}

async function writeFifo(file: string, command: string): Promise<boolean> {
  try {
    // Non-blocking: opening a fifo nobody reads would wait for ever (fifo(7): ENXIO instead).
    const fifo = await open(file, constants.O_WRONLY | constants.O_NONBLOCK);
    await fifo.write(command);
    await fifo.close();
    return true;
  } catch (error) {
    if (['ENOENT', 'ENXIO'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

function tail(log: string): string {
  return log.trim().split('\n').slice(-25).join('\n');
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
