import type Docker from 'dockerode';
import type { Plan } from '../../../plan/types.js';
import { removeContainer } from '../container.js';
import { LABEL } from '../labels.js';
import { objectNames } from '../names.js';
import { keepFolders } from '../place.js';
import { keepStopped } from '../restart.js';
import { stopDrained, stopUnproven } from '../stop-server.js';
import { type Deployed, isProven, type ReleaseSet } from './deployed.js';
import type { Change } from './start-set.js';

/**
 * Stops a set that gets no new requests: waits until those it has are finished, then stops it gracefully. Its
 * containers stay, to go back to.
 */
export async function drainAndStop(change: Change, set: ReleaseSet, plan: Plan): Promise<void> {
  const { docker, reporter, journal } = change;
  const began = Date.now();
  const running = set.replicas.filter(({ State }) => State.Running);
  if (running.length === 0) return;
  reporter.step(`Draining release ${set.release}: its requests are finished first`);
  await Promise.all(
    running.map(async ({ Id }) => {
      await keepStopped(docker.getContainer(Id));
      reporter.detail(`drain and stop ${Id.slice(0, 12)}`);
      await stopDrained(docker, Id, plan);
    }),
  );
  const took = ((Date.now() - began) / 1000).toFixed(1);
  const what = running.map(({ Name }) => Name.slice(1)).join(', ');
  await journal.note({
    event: 'drain',
    subject: set.id,
    release: set.release,
    message: `${what}: no new requests, stopped after ${took} s`,
  });
}

/** Removes containers that did not take over. */
export async function dismiss(
  { docker }: Change,
  containers: readonly Docker.Container[],
  plan: Plan,
): Promise<void> {
  await Promise.all(
    containers.map(async ({ id }) => {
      await stopUnproven(docker, id, plan);
      await removeContainer(docker, id);
    }),
  );
}

/** Stops a container of a kept release that did not take over; it stays, to go back to. */
export async function putAway({ docker }: Change, container: Docker.Container, plan: Plan): Promise<void> {
  await keepStopped(container);
  await stopUnproven(docker, container.id, plan);
}

/** Removes containers, running or not. */
export async function removeSet(docker: Docker, ids: readonly string[]): Promise<void> {
  for (const id of ids) await removeContainer(docker, id);
}

const idsOf = ({ replicas }: Pick<ReleaseSet, 'replicas'>): string[] => replicas.map(({ Id }) => Id);

/**
 * Puts right what a run that was killed left behind: what never proved itself goes; what was being drained is stopped.
 */
export async function sweep(change: Change, deployed: Deployed, plan: Plan): Promise<void> {
  await settleFronts(change.docker, deployed);
  if (deployed.command) await removeContainer(change.docker, deployed.command.Id);
  deployed.command = null;
  const others = deployed.sets.filter((set) => set !== deployed.current);
  for (const set of others) {
    const unproven = set.replicas.filter((one) => !isProven(one));
    if (unproven.length > 0) change.reporter.detail(`remove what is left of ${set.id}`);
    await removeSet(change.docker, idsOf({ replicas: unproven }));
    set.replicas = set.replicas.filter(isProven);
    set.proven = true;
    await drainAndStop(change, set, plan);
  }
  deployed.sets = deployed.sets.filter(({ replicas }) => replicas.length > 0);
}

// A front that had been set aside goes when its successor proved itself, and comes back when it did not.
async function settleFronts(docker: Docker, deployed: Deployed): Promise<void> {
  const { front, frontAside } = deployed;
  if (!frontAside) return;
  if (front?.State.Running && isProven(front)) {
    await removeContainer(docker, frontAside.Id);
  } else {
    if (front) await removeContainer(docker, front.Id);
    const container = docker.getContainer(frontAside.Id);
    await container.rename({ name: objectNames(frontAside.Config.Labels?.[LABEL.name] ?? '').front });
    await container.start();
    deployed.front = await container.inspect();
  }
  deployed.frontAside = null;
}

/** What stays: the current set, and of the newest `keep` releases, it included, the last set each. */
export function keptSets({ sets, current }: Pick<Deployed, 'sets' | 'current'>, keep: number): ReleaseSet[] {
  const kept: ReleaseSet[] = current ? [current] : [];
  for (const set of sets) {
    const known = kept.some(({ release }) => release === set.release);
    if (!known && kept.length < keep) kept.push(set);
  }
  return kept;
}

/**
 * Removes what is too old to go back to: all but the last set of a release, and all but the newest `keep` releases.
 * @returns the releases that are kept.
 */
export async function pruneSets(
  { docker, reporter }: Change,
  { front, sets, current }: Deployed,
  keep: number,
): Promise<string[]> {
  const kept = keptSets({ sets, current }, keep);
  const old = sets.filter((set) => !kept.includes(set));
  // Before the containers: whose folder is left alone, nobody would look for.
  if (front)
    await keepFolders(
      docker.getContainer(front.Id),
      kept.map(({ id }) => id),
    );
  for (const set of old) {
    reporter.detail(`remove ${set.id}`);
    await removeSet(docker, idsOf(set));
  }
  return kept.map(({ release }) => release);
}
