import type Docker from 'dockerode';
import { DeploykitError } from '../../errors.js';
import { readIfThere } from '../../host/files.js';
import type { Disturbance } from '../target.js';
import { planOf } from './create-options.js';
import type { Engine } from './engine.js';
import { exec } from './exec.js';
import { readStats } from './ready.js';

/** Kills a worker, kills all of a server at once, or tells it to end as a stopping machine would. */
export async function disturbServer(
  { docker }: Pick<Engine, 'docker'>,
  info: Docker.ContainerInspectInfo,
  what: Disturbance,
): Promise<void> {
  const container = docker.getContainer(info.Id);
  switch (what) {
    case 'kill worker': {
      const [pid] = (await readStats(container, planOf(info)))?.workerPids ?? [];
      if (!pid) throw new DeploykitError('DK_NOT_RUNNING', 'the server has no worker that could be killed');
      return signalInside(container, 'KILL', pid);
    }
    case 'kill server':
      return killContainer(container, (await isHere(info)) ? info.State.Pid : 0);
    case 'terminate server':
      return signalInside(container, 'TERM', 1);
  }
}

async function signalInside(container: Docker.Container, signal: string, pid: number): Promise<void> {
  await exec(container, ['sh', '-c', 'kill -s "$1" "$2"', 'sh', signal, String(pid)]);
}

/**
 * Whether a container's process is one of this machine. Its number is the engine's, which may be elsewhere, even behind a
 * socket of this machine; here it is then somebody else's.
 */
export async function isHere({ Id, State }: Docker.ContainerInspectInfo): Promise<boolean> {
  return (await readIfThere(`/proc/${State.Pid}/cgroup`))?.includes(Id) ?? false;
}

// The engine takes its own kill for the user's wish and leaves the container ended; a kill by the kernel is a fault.
async function killContainer(container: Docker.Container, pid: number): Promise<void> {
  try {
    if (pid > 1) {
      process.kill(pid, 'SIGKILL');
      return;
    }
  } catch (error) {
    // Not ours to kill (a rootless client, an engine in a VM): the engine does it, and starts it again.
    if (!['EPERM', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  await container.kill();
  await container.start();
}
