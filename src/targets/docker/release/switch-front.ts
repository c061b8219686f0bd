import type Docker from 'dockerode';
import { throwIfAborted } from '../../../errors.js';
import type { Plan } from '../../../plan/types.js';
import { findContainer, removeContainer } from '../container.js';
import { configureFront, createFront, isFront, siteFiles, startFront } from '../front/front.js';
import type { FrontWish } from '../front/wish.js';
import { objectNames } from '../names.js';
import { pointTo } from '../place.js';
import { keepRunning } from '../restart.js';
import { stopServing } from '../stop-server.js';
import { type Deployed, isProven } from './deployed.js';
import type { Change } from './start-set.js';

interface SwitchInput {
  change: Change;
  deployed: Deployed;
  plan: Plan;
  /** The set that is proven and shall serve. */
  set: string;
  replicas: number;
  wish: FrontWish;
  /** Asks through the front; throws when it answers with an error of its own. */
  check: () => Promise<void>;
}

/** Makes the front that a first set needs before it can start: the volumes of both come with it. */
export async function prepareFront(
  { docker, reporter }: Change,
  deployed: Deployed,
  wish: FrontWish,
): Promise<void> {
  if (deployed.front) return;
  reporter.detail(`create ${objectNames(wish.name).front}`);
  await createFront(docker, wish);
}

/**
 * Sends new requests to a set. Where the front serves already, one rename does it, and nothing is interrupted; a front
 * that must be replaced, or a container that has the port itself, is stopped at the last moment and started again when
 * the new one fails.
 */
export async function switchFront(input: SwitchInput): Promise<void> {
  const { change, deployed, wish } = input;
  throwIfAborted(change.signal);
  const { front } = deployed;
  if (front?.State.Running && isFront(front, wish.options) && !wish.anew) await repoint(input, front.Id);
  else await replaceFront(input);
}

async function repoint(
  { change, deployed, set, replicas, wish, check }: SwitchInput,
  id: string,
): Promise<void> {
  const { docker, reporter } = change;
  const front = docker.getContainer(id);
  const { current } = deployed;
  const files = siteFiles(wish.name, wish.files, replicas);
  // A socket that is listed must be there: fewer are listed before the switch, more of them after it.
  const grows = replicas > (current?.replicas.length ?? 0);
  if (!grows) await configureFront(front, files);
  reporter.step(`Switching to ${set}`);
  await pointTo(front, set);
  try {
    if (grows) await configureFront(front, files);
    await check();
    await proveFront(change, deployed.front, check);
  } catch (error) {
    if (current?.running) await pointTo(front, current.id);
    throw error;
  }
}

async function replaceFront({
  change,
  deployed,
  plan,
  set,
  replicas,
  wish,
  check,
}: SwitchInput): Promise<void> {
  const { docker, name, reporter } = change;
  const names = objectNames(name);
  const before =
    deployed.single ??
    (deployed.front && (wish.anew || !isFront(deployed.front, wish.options)) ? deployed.front : null);
  if (before?.State.Running) {
    reporter.warn('what has the port is replaced: requests are refused for a moment');
    await stopServing(docker, before);
  }
  const aside = before !== null && before === deployed.front;
  if (aside) await docker.getContainer(before.Id).rename({ name: names.frontAside });
  try {
    const there = await findContainer(docker, names.front);
    const front = there ? docker.getContainer(there.Id) : await createFront(docker, wish);
    await configureFront(front, siteFiles(name, wish.files, replicas));
    await pointTo(front, set);
    reporter.step(`Starting the front on ${plan.bind}:${plan.port}`);
    await startFront(docker, name, `${plan.bind}:${plan.port}`);
    await proveFront(change, await front.inspect(), check);
  } catch (error) {
    await removeContainer(docker, names.front);
    if (before) await restore(docker, before, aside ? names.front : null, deployed);
    throw error;
  }
  if (before) await removeContainer(docker, before.Id);
}

/** Marks the front as proven when requests pass through it: from here on the engine restarts it. */
export async function proveFront(
  { docker, reporter }: Change,
  front: Docker.ContainerInspectInfo | null,
  check: () => Promise<void>,
): Promise<void> {
  if (front === null || isProven(front)) return;
  reporter.detail('prove the front: from now on the engine restarts it');
  await check();
  await keepRunning(docker.getContainer(front.Id));
}

async function restore(
  docker: Docker,
  before: Docker.ContainerInspectInfo,
  name: string | null,
  { current }: Deployed,
): Promise<void> {
  const container = docker.getContainer(before.Id);
  if (name) {
    await container.rename({ name });
    if (current) await pointTo(container, current.id);
  }
  if (before.State.Running) await container.start();
}
