import { commandOptions, createOptions } from '../create-options.js';
import { mendFront, needsNewSet } from '../drift/mend.js';
import { readDrift } from '../drift/read-drift.js';
import { isFront, removeFront } from '../front/front.js';
import { frontOptions } from '../front/options.js';
import type { FrontWish } from '../front/wish.js';
import { pruneImages } from '../images.js';
import { LABEL } from '../labels.js';
import { objectNames } from '../names.js';
import { checkFront, type Operator, underLock } from './change.js';
import { nextSetId } from './change-release.js';
import { type Deployed, isProven, type ReleaseSet, readDeployed } from './deployed.js';
import { runReleaseCommand } from './release-command.js';
import { dismiss, keptSets, pruneSets, sweep } from './retire.js';
import { type Candidate, type Change, createSet } from './start-set.js';
import { prepareFront, proveFront } from './switch-front.js';
import { takeOver } from './take-over.js';
import type { Update } from './types.js';

/** Whether the engine already has exactly this, running, and nothing left over of a run that was killed. */
export function isUpToDate(update: Update, deployed: Deployed): boolean {
  return doesServe(update, deployed) && isTidy(update, deployed);
}

function doesServe(update: Update, { front, current }: Deployed): boolean {
  const { plan, release } = update;
  const wanted = createOptions({ ...update, role: 'server' }).Labels?.[LABEL.config];
  return (
    Boolean(front?.State.Running && isFront(front, wishOf(update).options)) &&
    current?.release === release &&
    current.running &&
    current.proven &&
    current.replicas.length === (plan.container?.replicas ?? 1) &&
    current.replicas.every(({ Config }) => Config.Labels?.[LABEL.config] === wanted)
  );
}

function isTidy({ plan }: Update, deployed: Deployed): boolean {
  const { front, frontAside, single, command, current, sets } = deployed;
  const kept = keptSets({ sets, current }, plan.container?.keep ?? 5);
  const inOrder = (set: ReleaseSet): boolean =>
    kept.includes(set) && set.proven && set.replicas.every(({ State }) => !State.Running);
  const left = frontAside ?? single ?? command;
  return !left && front !== null && isProven(front) && sets.every((set) => set === current || inOrder(set));
}

/** Everything of an update, under the engine's lock; what serves goes on serving until the new set has proven itself. */
export async function applyUpdate(operator: Operator, update: Update, seconds: number): Promise<void> {
  const { plan, release, image } = update;
  await underLock(operator, { image, command: `up ${release}`, seconds }, async (change, deployed) => {
    const drift = await readDrift(change.docker, deployed, update);
    await sweep(change, deployed, plan);
    const wish = wishOf(update);
    wish.anew = await mendFront(change, deployed, wish, drift);
    const isWhole = !wish.anew && !needsNewSet(plan.name, drift);
    // What was missing was only the end of a run that was killed.
    if (isWhole && doesServe(update, deployed) && !deployed.single) {
      await proveFront(change, deployed.front, () => checkFront(operator, plan));
      return prune(change, update);
    }
    await prepareRelease(change, deployed, update);
    const first = deployed.front === null && deployed.sets.length === 0;
    try {
      await replace(operator, change, deployed, update, wish);
    } catch (error) {
      // A front that waits for a first release is of no use without it.
      if (first) await removeFront(change.docker, plan.name, true);
      throw error;
    }
    await prune(change, update);
  });
}

async function replace(
  operator: Operator,
  change: Change,
  deployed: Deployed,
  update: Update,
  wish: FrontWish,
): Promise<void> {
  const { plan, release } = update;
  await prepareFront(change, deployed, wish);
  const set = { id: nextSetId(deployed, release), release };
  const containers = await createSet(change, set.id, candidatesOf(update, set.id));
  const check = (): Promise<void> => checkFront(operator, plan);
  const undo = (): Promise<void> => dismiss(change, containers, plan);
  await takeOver({ change, deployed, plan, set, containers, wish, check, undo });
}

// Once for a release: going back to it or starting it anew runs no migration again.
async function prepareRelease(change: Change, { sets }: Deployed, update: Update): Promise<void> {
  const command = update.plan.container?.releaseCommand;
  if (!command || sets.some((set) => set.proven && set.release === update.release)) return;
  await runReleaseCommand(change, commandOptions(update, command), command);
}

function candidatesOf(update: Update, set: string): Candidate[] {
  const names = objectNames(update.plan.name);
  return Array.from({ length: update.plan.container?.replicas ?? 1 }, (_, i) => ({
    name: names.replica(set, i + 1),
    options: createOptions({ ...update, role: 'server', place: { set, replica: i + 1 } }),
  }));
}

function wishOf({ plan, front, projectDir, frontImage, artefacts, certificate }: Update): FrontWish {
  return {
    name: plan.name,
    options: frontOptions(plan, front, projectDir, frontImage),
    files: [...artefacts.filter(({ path }) => path.startsWith('nginx')), ...certificate],
  };
}

async function prune(change: Change, { plan, projectDir }: Update): Promise<void> {
  const { docker, name } = change;
  const kept = await pruneSets(
    change,
    await readDeployed(docker, name, projectDir),
    plan.container?.keep ?? 5,
  );
  await pruneImages(
    docker,
    name,
    kept.map((release) => `deploykit/${name}:${release}`),
  );
}
