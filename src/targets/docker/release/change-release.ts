import type Docker from 'dockerode';
import { DeploykitError } from '../../../errors.js';
import { notRunning, type UpOptions } from '../../target.js';
import { copyOptions, planOf } from '../create-options.js';
import { presentFront } from '../front/read-site.js';
import { objectNames } from '../names.js';
import { checkFront, type Operator, underLock } from './change.js';
import { type Deployed, readDeployed } from './deployed.js';
import { dismiss, pruneSets, putAway, removeSet, sweep } from './retire.js';
import { type Candidate, type Change, createSet } from './start-set.js';
import { takeOver } from './take-over.js';

/**
 * Serves a release that is kept: its own containers, with the settings and secrets they had.
 * @param id default: the last one that served well before the current.
 * @returns what serves now.
 * @throws DeploykitError DK_NOT_RUNNING, DK_RELEASE_UNKNOWN; as takeOver.
 */
export async function rollbackTo(
  operator: Operator,
  id: string | undefined,
  { waitSeconds: seconds }: UpOptions,
): Promise<string> {
  const serves = await serving(operator);
  const asked = { image: serves.Image, command: 'rollback', seconds };
  return underLock(operator, asked, async (change, deployed) => {
    await sweep(change, deployed, planOf(serves));
    const set = deployed.sets.find(
      (one) => one !== deployed.current && one.proven && (id === undefined || one.release === id),
    );
    const [model] = set?.replicas ?? [];
    if (!set || !model) throw unknownRelease(id, deployed);
    const { docker } = change;
    // As many as serve now, however many it had.
    const count = deployed.current?.replicas.length ?? set.replicas.length;
    const kept = set.replicas.slice(0, count).map(({ Id }) => docker.getContainer(Id));
    const plan = planOf(model);
    const added = await createSet(
      change,
      set.id,
      copiesOf(model, change.name, set.id, kept.length + 1, count),
    );
    await become(operator, change, deployed, set, [...kept, ...added], async () => {
      await Promise.all(kept.map((container) => putAway(change, container, plan)));
      await dismiss(change, added, plan);
    });
    await removeSet(
      docker,
      set.replicas.slice(count).map(({ Id }) => Id),
    );
    return set.release;
  });
}

/** Replicas `first` to `last` of a set, with the settings of one that is there. */
function copiesOf(
  model: Docker.ContainerInspectInfo,
  name: string,
  set: string,
  first: number,
  last: number,
): Candidate[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => ({
    name: objectNames(name).replica(set, first + i),
    options: copyOptions(model, name, { set, replica: first + i }),
  }));
}

/**
 * Replaces the containers of the release that serves by new ones with the same settings, and so every worker.
 * @throws DeploykitError DK_NOT_RUNNING; as takeOver.
 */
export async function renew(operator: Operator, { waitSeconds: seconds }: UpOptions): Promise<void> {
  const { Image: image } = await serving(operator);
  await underLock(operator, { image, command: 'reload', seconds }, async (change, deployed) => {
    const { current } = deployed;
    const [model] = current?.replicas ?? [];
    if (!current || !model) throw notRunning(change.name);
    const set = { id: nextSetId(deployed, current.release), release: current.release };
    const candidates = copiesOf(model, change.name, set.id, 1, current.replicas.length);
    await sweep(change, deployed, planOf(model));
    const containers = await createSet(change, set.id, candidates);
    await become(operator, change, deployed, set, containers, () =>
      dismiss(change, containers, planOf(model)),
    );
    const now = await readDeployed(change.docker, change.name, operator.context.project.dir);
    await pruneSets(change, now, planOf(model).container?.keep ?? 5);
  });
}

async function become(
  operator: Operator,
  change: Change,
  deployed: Deployed,
  set: { id: string; release: string },
  containers: Parameters<typeof takeOver>[0]['containers'],
  undo: () => Promise<void>,
): Promise<void> {
  const { front, sets, current } = deployed;
  const model = sets.find(({ id }) => id === set.id)?.replicas[0] ?? current?.replicas[0];
  if (!front || !model) throw notRunning(change.name);
  const plan = planOf(model);
  const wish = await presentFront(change.docker, change.name, front);
  const check = (): Promise<void> => checkFront(operator, plan);
  await takeOver({ change, deployed, plan, set, containers, wish, check, undo });
}

/** A container of what serves behind the front. @throws DeploykitError DK_NOT_RUNNING. */
async function serving({ engine, context }: Operator): Promise<Docker.ContainerInspectInfo> {
  const { name, dir } = context.project;
  const { front, current } = await readDeployed(engine.docker, name, dir);
  const [model] = current?.replicas ?? [];
  if (!front?.State.Running || !current?.running || !model) throw notRunning(name);
  return model;
}

/** `RELEASE-N`: N counts the sets a release has had. */
export function nextSetId({ sets }: Deployed, release: string): string {
  const numbers = sets
    .filter((set) => set.release === release)
    .map(({ id }) => Number(id.split('-').at(-1)) || 0);
  return `${release}-${Math.max(0, ...numbers) + 1}`;
}

/**
 * A container of a kept release: it has the release's image, settings and secrets, running or not.
 * @throws DeploykitError DK_RELEASE_UNKNOWN.
 */
export function replicaOf(deployed: Deployed, release: string): Docker.ContainerInspectInfo {
  const [replica] = deployed.sets.find((set) => set.release === release)?.replicas ?? [];
  if (!replica) throw unknownRelease(release, deployed);
  return replica;
}

// With those that are kept.
function unknownRelease(id: string | undefined, { sets, current }: Deployed): DeploykitError {
  const known = sets.map(({ release }) => `${release}${release === current?.release ? ' (serves now)' : ''}`);
  const wanted = id ? `release ${id}` : 'other release that served well';
  return new DeploykitError('DK_RELEASE_UNKNOWN', `there is no ${wanted} on the engine`, {
    excerpt: [...new Set(known)].join('\n'),
    hint: 'See what is kept: deploykit releases',
  });
}
