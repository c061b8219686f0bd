import type Docker from 'dockerode';
import type { Plan } from '../../../plan/types.js';
import type { FrontWish } from '../front/wish.js';
import type { Deployed } from './deployed.js';
import { drainAndStop } from './retire.js';
import { type Change, markProven, SETTLE_SECONDS, startSet } from './start-set.js';
import { switchFront } from './switch-front.js';

interface TakeOverInput {
  change: Change;
  deployed: Deployed;
  /** What the new set is held to. */
  plan: Plan;
  set: { id: string; release: string };
  containers: readonly Docker.Container[];
  wish: FrontWish;
  check: () => Promise<void>;
  /** Takes the containers away again when they fail. */
  undo: () => Promise<void>;
}

/**
 * Lets a set of created containers take over: start, prove, switch, drain and stop the set before. Whatever fails before
 * the switch, or at it, the set before never stops serving.
 */
export async function takeOver(input: TakeOverInput): Promise<void> {
  const { change, deployed, plan, set, containers, wish, check } = input;
  const before = deployed.current;
  const beside = before?.running || deployed.single?.State.Running;
  change.reporter.step(
    beside ? `Trying release ${set.release} beside what serves` : `Starting release ${set.release}`,
  );
  try {
    await startSet(change, containers, plan, beside ? SETTLE_SECONDS : 0);
    change.reporter.detail(`prove ${set.id}: from now on the engine restarts it`);
    await markProven(containers);
    await switchFront({ change, deployed, plan, set: set.id, replicas: containers.length, wish, check });
  } catch (error) {
    await input.undo();
    throw error;
  }
  const message = `new requests go to ${containers.length} × release ${set.release}`;
  await change.journal.note({ event: 'switch', subject: set.id, release: set.release, message });
  if (before && before.id !== set.id) await drainAndStop(change, before, plan);
}
