import type Docker from 'dockerode';
import { throwIfAborted } from '../../../errors.js';
import type { Plan } from '../../../plan/types.js';
import { judgeInstance } from '../../judge-instance.js';
import type { Reporter } from '../../target.js';
import { createContainer, removeContainer, startContainer } from '../container.js';
import type { Journal } from '../events/journal.js';
import { evidenceIn } from '../evidence-in.js';
import { exec } from '../exec.js';
import { makeFolder } from '../place.js';
import { probe } from '../probe.js';
import { keepRunning } from '../restart.js';

/** What every step of a change needs. */
export interface Change {
  docker: Docker;
  /** Of the deployment. */
  name: string;
  reporter: Reporter;
  signal: AbortSignal;
  /** To wait for the application to come up. */
  seconds: number;
  journal: Journal;
}

/** A container that does not exist yet. */
export interface Candidate {
  name: string;
  options: Docker.ContainerCreateOptions;
}

// Long enough for "crashes right after it came up"; only where something serves meanwhile.
export const SETTLE_SECONDS = 3;
const EXEC_SPARE_SECONDS = 70;

/** Creates the containers of a set beside whatever serves; none is started. */
export async function createSet(
  { docker, reporter, signal }: Change,
  set: string,
  candidates: readonly Candidate[],
): Promise<Docker.Container[]> {
  const containers: Docker.Container[] = [];
  try {
    for (const { name, options } of candidates) {
      throwIfAborted(signal);
      reporter.detail(`create ${name}`);
      containers.push(await createContainer(docker, name, options));
    }
    const [first] = containers;
    if (first) await makeFolder(first, set);
  } catch (error) {
    for (const { id } of containers) await removeContainer(docker, id);
    throw error;
  }
  return containers;
}

/**
 * Starts the containers of a set and waits until each has loaded the application, answers, has its slots and, for
 * `settle` seconds, stays up.
 * @throws DeploykitError as judgeInstance, with the application's own traceback.
 */
export async function startSet(
  { reporter, signal, seconds }: Change,
  containers: readonly Docker.Container[],
  plan: Plan,
  settle: number,
): Promise<void> {
  for (const container of containers) {
    throwIfAborted(signal);
    reporter.detail(`start ${container.id.slice(0, 12)}`);
    await startContainer(container, 'the container');
  }
  reporter.detail(`wait until ${plan.app.healthPath} answers and ${plan.server.slots} slots are there`);
  await Promise.all(containers.map((container) => waitReplica(container, plan, seconds, settle, signal)));
}

/** Waits for one instance by a single probe inside it. @throws DeploykitError as judgeInstance; DK_INTERRUPTED. */
async function waitReplica(
  container: Docker.Container,
  plan: Plan,
  seconds: number,
  settle: number,
  signal: AbortSignal,
): Promise<void> {
  const asked = [String(seconds), String(settle), String(plan.server.slots)];
  const argv = probe(plan, 'ready', ...asked, plan.app.healthPath, plan.app.hostHeader, '-');
  const limit = seconds + settle + EXEC_SPARE_SECONDS;
  const { stdout } = await Promise.race([exec(container, argv, { limit }), aborted(signal)]);
  await judgeInstance(stdout, plan, seconds, evidenceIn(container, plan, 400));
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void => {
      try {
        throwIfAborted(signal);
      } catch (error) {
        reject(error);
      }
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

/** Marks containers as proven: from here on the engine restarts them. */
export async function markProven(containers: readonly Docker.Container[]): Promise<void> {
  for (const container of containers) await keepRunning(container);
}
