import type Docker from 'dockerode';
import type { Plan } from '../../plan/types.js';
import { stopContainer } from './container.js';
import { planOf } from './create-options.js';
import { exec } from './exec.js';
import { LABEL, type Role } from './labels.js';
import { probe } from './probe.js';

// Seconds.
const LOAD = 30;
const EXEC_SPARE = 5;
const IDLE_GRACE = 5;

/** Stops what has the port, a server or a front: the requests it has are finished. */
export async function stopServing(docker: Docker, info: Docker.ContainerInspectInfo): Promise<void> {
  const isServer = info.Config.Labels?.[LABEL.role] === ('server' satisfies Role);
  if (isServer && info.State.Running) await drain(docker, info.Id, planOf(info), 0, LOAD);
  await stopContainer(docker, info.Id);
}

/** Stops a server that gets no new requests any more: waits until those it has are finished, then tells it to end. */
export async function stopDrained(docker: Docker, id: string, plan: Plan): Promise<void> {
  await drain(docker, id, plan, plan.server.timeouts.request, LOAD);
  await stopContainer(docker, id);
}

/**
 * Stops a server that did not prove itself. What came to it in between, if anything did, is finished; what loads, or
 * hangs while it loads, is not waited for.
 */
export async function stopUnproven(docker: Docker, id: string, plan: Plan): Promise<void> {
  const isIdle = await drain(docker, id, plan, plan.server.timeouts.request, 0);
  await stopContainer(docker, id, isIdle ? IDLE_GRACE : undefined);
}

// While a worker loads the application it cannot be told to end; the master asks once, and then waits for it until the
// engine kills both.
async function drain(
  docker: Docker,
  id: string,
  plan: Plan,
  requests: number,
  load: number,
): Promise<boolean> {
  const argv = probe(plan, 'drain', String(requests), String(load));
  const { exitCode } = await exec(docker.getContainer(id), argv, { limit: requests + load + EXEC_SPARE });
  return exitCode === 0;
}
