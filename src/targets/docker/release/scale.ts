import type Docker from 'dockerode';
import { DeploykitError } from '../../../errors.js';
import { megabytes } from '../../check-row.js';
import { notRunning, type ScaleResult, type UpOptions } from '../../target.js';
import { copyOptions, planOf } from '../create-options.js';
import { configureFront, siteFiles } from '../front/front.js';
import { presentFront } from '../front/read-site.js';
import { untilReloaded, workersOf } from '../front/reloaded.js';
import { containerMemory } from '../memory.js';
import { objectNames } from '../names.js';
import { checkFront, type Operator, underLock } from './change.js';
import { type Deployed, numberOf, type ReleaseSet, readDeployed } from './deployed.js';
import { dismiss, drainAndStop, removeSet, sweep } from './retire.js';
import { type Change, createSet, markProven, SETTLE_SECONDS, startSet } from './start-set.js';

type Serving = Deployed & { front: Docker.ContainerInspectInfo; current: ReleaseSet };

/**
 * Gives the set that serves another number of replicas: new ones start beside the others and are proven before the front
 * sends them requests; those that go get no new ones, finish theirs and are stopped.
 * @throws DeploykitError DK_NOT_RUNNING; DK_SCALE without a front, or where memory is short; as startSet.
 */
export async function scaleTo(
  operator: Operator,
  count: number,
  { waitSeconds: seconds }: UpOptions,
): Promise<ScaleResult> {
  const { docker } = operator.engine;
  const { name, dir } = operator.context.project;
  const { current, model } = serving(await readDeployed(docker, name, dir), name);
  await refuseShortMemory(operator, current, count);
  const { Image: image } = model;
  return underLock(operator, { image, command: `scale ${count}`, seconds }, async (change, deployed) => {
    const there = serving(deployed, name);
    await sweep(change, deployed, planOf(there.model));
    const before = there.current.replicas.filter(({ State }) => State.Running).length;
    await grow(operator, change, there, count);
    await shrink(change, there, count);
    return { release: there.current.release, before, after: count };
  });
}

function serving(deployed: Deployed, name: string): Serving & { model: Docker.ContainerInspectInfo } {
  const { front, current, single } = deployed;
  if (single) {
    throw new DeploykitError('DK_SCALE', 'without a front, one container has the port, and only one can', {
      hint: 'Let nginx have it: [front] kind = "nginx" in deploykit.toml, deploykit up, then scale.',
    });
  }
  const model = current?.replicas.find(({ State }) => State.Running);
  if (!front?.State.Running || !current || !model) throw notRunning(name);
  return { ...deployed, front, current, model };
}

/** Adds what is missing of 1 to count, and starts anew what of them does not run. */
async function grow(
  operator: Operator,
  change: Change,
  { front, current, model }: ReturnType<typeof serving>,
  count: number,
): Promise<void> {
  const { docker, name } = change;
  const plan = planOf(model);
  const stays = current.replicas.filter((one) => one.State.Running && numberOf(one) <= count);
  const numbers = Array.from({ length: count }, (_, i) => i + 1);
  const missing = numbers.filter((number) => !stays.some((one) => numberOf(one) === number));
  if (missing.length === 0) return;
  const broken = current.replicas.filter(({ State }) => !State.Running);
  await removeSet(
    docker,
    broken.map(({ Id }) => Id),
  );
  change.reporter.step(`Starting ${missing.length} more beside what serves`);
  const candidates = missing.map((number) => ({
    name: objectNames(name).replica(current.id, number),
    options: copyOptions(model, name, { set: current.id, replica: number }),
  }));
  const containers = await createSet(change, current.id, candidates);
  try {
    await startSet(change, containers, plan, SETTLE_SECONDS);
    await markProven(containers);
    await tellFront(change, front, Math.max(count, ...current.replicas.map(numberOf)));
    await checkFront(operator, plan);
  } catch (error) {
    await tellFront(change, front, Math.max(...current.replicas.map(numberOf)));
    await dismiss(change, containers, plan);
    throw error;
  }
}

/** Takes the replicas above count away: first from the front, then, when their requests are finished, from the engine. */
async function shrink(
  change: Change,
  { front, current, model }: ReturnType<typeof serving>,
  count: number,
): Promise<void> {
  const surplus = current.replicas.filter((one) => numberOf(one) > count);
  if (surplus.length === 0) return;
  await tellFront(change, front, count);
  await drainAndStop(change, { ...current, replicas: surplus }, planOf(model));
  await removeSet(
    change.docker,
    surplus.map(({ Id }) => Id),
  );
}

/** Lets the front send to so many replicas; when this ends no worker of nginx takes requests for the others any more. */
async function tellFront(change: Change, front: Docker.ContainerInspectInfo, count: number): Promise<void> {
  const { docker, name, reporter } = change;
  const container = docker.getContainer(front.Id);
  const { files } = await presentFront(docker, name, front);
  const before = await workersOf(container);
  reporter.detail(`let the front send to ${count}`);
  if (await configureFront(container, siteFiles(name, files, count))) await untilReloaded(container, before);
}

/** Limits together, or where there are none what the replicas hold now, against the engine's memory. */
async function refuseShortMemory(
  { engine, context }: Operator,
  { replicas }: ReleaseSet,
  count: number,
): Promise<void> {
  if (count <= replicas.length) return;
  const { MemTotal } = (await engine.docker.info()) as { MemTotal: number };
  const limit = replicas[0]?.HostConfig.Memory || null;
  const running = replicas.filter(({ State }) => State.Running);
  const held = await Promise.all(running.map(({ Id }) => containerMemory(engine.docker.getContainer(Id))));
  const each = limit ?? Math.max(0, ...held.map((bytes) => bytes ?? 0));
  if (count * each <= MemTotal) return;
  const sum = `${count} × ${megabytes(each)} = ${megabytes(count * each)}`;
  if (limit === null) {
    context.reporter.warn(
      `at what a replica holds now, ${sum} are more than the engine's ${megabytes(MemTotal)}`,
    );
    return;
  }
  throw new DeploykitError('DK_SCALE', `${sum} of memory limits, and the engine has ${megabytes(MemTotal)}`, {
    hint: `At most ${Math.floor(MemTotal / each)} replicas fit; a smaller memory in [target.NAME] makes room for more.`,
  });
}
