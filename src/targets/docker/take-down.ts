import { removeContainer, stopContainer } from './container.js';
import { planOf } from './create-options.js';
import { removeJournal } from './events/journal.js';
import { removeFront } from './front/front.js';
import { pruneImages } from './images.js';
import { objectNames } from './names.js';
import { removeReaders } from './reader.js';
import { type Operator, underLock } from './release/change.js';
import { readDeployed } from './release/deployed.js';
import { drainAndStop, removeSet } from './release/retire.js';
import type { Change } from './release/start-set.js';
import { stopServing } from './stop-server.js';

/**
 * Takes a deployment down: the front first, so that nothing new comes in, then the servers, after their requests.
 * @returns false when nothing was running.
 */
export async function takeDown(operator: Operator, purge: boolean): Promise<boolean> {
  const { docker } = operator.engine;
  const { name, dir } = operator.context.project;
  const there = await readDeployed(docker, name, dir);
  const any = [
    there.single,
    there.front,
    there.frontAside,
    ...there.sets.flatMap(({ replicas }) => replicas),
  ];
  const image = any.find((info) => info !== null)?.Image;
  const running = any.some((info) => info?.State.Running);
  if (image) {
    await underLock(operator, { image, command: 'down', seconds: 0 }, (change) =>
      removeAll(operator, change),
    );
  }
  if (purge) {
    await removeJournal(docker, name);
    await pruneImages(docker, name, []);
  }
  return running;
}

async function removeAll({ engine, context }: Operator, change: Change): Promise<void> {
  const { docker } = engine;
  const { reporter, project } = context;
  const { name, dir } = project;
  const names = objectNames(name);
  const { single, front, sets } = await readDeployed(docker, name, dir);
  for (const own of [
    `${names.single}-next`,
    names.verification,
    names.beside,
    names.command,
    names.frontAside,
  ])
    await removeContainer(docker, own);
  await removeReaders(docker, name, dir);
  if (single?.State.Running) reporter.step('Stopping: requests in flight are finished first');
  if (front) await stopContainer(docker, front.Id);
  for (const set of sets) {
    const [model] = set.replicas;
    if (model) await drainAndStop(change, set, planOf(model));
    await removeSet(
      docker,
      set.replicas.map(({ Id }) => Id),
    );
  }
  if (single) {
    await stopServing(docker, single);
    await removeContainer(docker, single.Id);
  }
  await removeFront(docker, name, true);
}
