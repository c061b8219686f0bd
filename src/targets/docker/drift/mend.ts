import type { Drift, DriftKind } from '../../target.js';
import { configureFront, isFront, siteFiles, startFront } from '../front/front.js';
import type { FrontWish } from '../front/wish.js';
import { objectNames } from '../names.js';
import type { Deployed } from '../release/deployed.js';
import type { Change } from '../release/start-set.js';
import { keepRunning } from '../restart.js';

/**
 * Puts the front right where it stands: starts it, gives nginx its files and the engine its order to restart it again.
 * @returns whether it must be replaced.
 */
export async function mendFront(
  { docker, name }: Change,
  deployed: Deployed,
  wish: FrontWish,
  drift: readonly Drift[],
): Promise<boolean> {
  const { front, current } = deployed;
  if (!front || !current || !isFront(front, wish.options)) return false;
  const own = drift.filter(({ what }) => what === objectNames(name).front);
  if (own.length === 0) return false;
  const container = docker.getContainer(front.Id);
  await configureFront(container, siteFiles(name, wish.files, current.replicas.length));
  if (!front.State.Running) await startFront(docker, name, 'the public port');
  await keepRunning(container);
  deployed.front = await container.inspect();
  return own.some(({ kind }) => !['stopped', 'site', 'policy'].includes(kind));
}

/** Whether only a new set of replicas puts it right. */
export function needsNewSet(name: string, drift: readonly Drift[]): boolean {
  const front = objectNames(name).front;
  const otherwise: readonly DriftKind[] = ['foreign', 'started', 'renamed'];
  return drift.some(({ kind, what }) => what !== front && !otherwise.includes(kind));
}
