import type Docker from 'dockerode';
import { throwIfAborted } from '../../errors.js';
import type { Plan } from '../../plan/types.js';
import type { Reporter } from '../target.js';
import { createContainer, removeContainer, startContainer } from './container.js';
import { waitReady } from './ready.js';
import { keepRunning } from './restart.js';
import { stopServing } from './stop-server.js';

interface SwitchInput {
  docker: Docker;
  name: string;
  /** What has the port: a container of ours, or a front. */
  old: Docker.ContainerInspectInfo | null;
  create: Docker.ContainerCreateOptions;
  trial: Docker.ContainerCreateOptions;
  plan: Plan;
  reporter: Reporter;
  signal: AbortSignal;
  /** To wait for readiness. */
  seconds: number;
}

/**
 * Replaces what serves. A running release is stopped only after the new one has come up beside it without a port; when
 * the new one fails on the port after all, the old one is started again. The name moves last: a run killed half-way
 * leaves `NAME-next`, which the next `up` removes, and the old container as it was.
 */
export async function switchTo(input: SwitchInput): Promise<void> {
  const { docker, name, old, plan, reporter, signal, seconds } = input;
  const next = `${name}-next`;
  const where = `${plan.bind}:${plan.port}`;
  if (old?.State.Running) {
    reporter.step('Trying the new release beside the running one');
    await inContainer(docker, next, input.trial, where, (container) =>
      waitReady(container, plan, seconds, signal),
    );
    await removeContainer(docker, next);
    reporter.step('Stopping the old release: requests in flight are finished first');
    reporter.warn(
      'this update interrupts: new requests are refused until the new release listens ([front] kind)',
    );
    await stopServing(docker, old);
  }
  try {
    throwIfAborted(signal);
    reporter.step(`Starting on ${where}`);
    await inContainer(docker, next, input.create, where, (container) =>
      waitReady(container, plan, seconds, signal),
    );
  } catch (error) {
    if (old?.State.Running) {
      reporter.step('Starting the old release again');
      await docker.getContainer(old.Id).start();
    }
    throw error;
  }
  if (old) await removeContainer(docker, old.Id);
  const container = docker.getContainer(next);
  // Only a release that came up is restarted by the engine: a broken one would loop and hide its own error.
  await keepRunning(container);
  await container.rename({ name });
}

async function inContainer(
  docker: Docker,
  name: string,
  options: Docker.ContainerCreateOptions,
  where: string,
  wait: (container: Docker.Container) => Promise<void>,
): Promise<void> {
  const container = await createContainer(docker, name, options);
  try {
    await startContainer(container, where);
    await wait(container);
  } catch (error) {
    await removeContainer(docker, name);
    throw error;
  }
}
