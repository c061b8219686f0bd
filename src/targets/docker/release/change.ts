import type Docker from 'dockerode';
import { DeploykitError } from '../../../errors.js';
import type { Plan } from '../../../plan/types.js';
import { verbOf } from '../../events.js';
import { httpGet } from '../../process/http-get.js';
import type { TargetContext } from '../../target.js';
import { findContainer } from '../container.js';
import { restoreNames } from '../drift/renamed.js';
import type { Engine } from '../engine.js';
import { lockEngine } from '../engine-lock.js';
import { Journal } from '../events/journal.js';
import { ownerOn } from '../labels.js';
import { engineLost, nameLoss } from '../lost.js';
import { objectNames } from '../names.js';
import { reachPublished } from '../reach.js';
import { publishedEndpoint } from '../route.js';
import { type Deployed, readDeployed } from './deployed.js';
import type { Change } from './start-set.js';

/** A deployment on an engine, to be changed. */
export interface Operator {
  engine: Engine;
  context: TargetContext;
}

/**
 * Works on what is there under the engine's lock. When the connection breaks, the work is aborted: another may hold the
 * lock by then.
 * @param image any image that is on the engine.
 * @throws DeploykitError DK_LOCKED, DK_ENGINE_LOST; as the work.
 */
export async function underLock<T>(
  { engine, context }: Operator,
  { image, command, seconds }: { image: string; command: string; seconds: number },
  work: (change: Change, deployed: Deployed) => Promise<T>,
): Promise<T> {
  const { docker } = engine;
  const { project, reporter, signal } = context;
  const { name, dir } = project;
  reporter.detail(`hold ${objectNames(name).lock}`);
  const projectDir = ownerOn(engine, dir);
  const lock = await lockEngine({ docker, name, projectDir, image, command: `deploykit ${command}` });
  const held = { docker, name, reporter, seconds, signal: AbortSignal.any([signal, lock.lost]) };
  try {
    const journal = await Journal.open(docker.getContainer(objectNames(name).lock));
    const change = { ...held, journal };
    return await noted(journal, command, async () => {
      await restoreNames(docker, name, dir);
      const deployed = await readDeployed(docker, name, dir);
      await unpause(docker, deployed);
      return work(change, deployed);
    });
  } catch (error) {
    // What fails without its engine says anything: that the application ended, that a container is gone.
    throw (await lock.isHeld()) ? nameLoss(error as Error) : engineLost(error);
  } finally {
    if (!lock.lost.aborted) await lock.release();
  }
}

// Containers that are paused answer nobody and cannot be stopped: whatever is to change, they go on first.
async function unpause(docker: Docker, deployed: Deployed): Promise<void> {
  const { front, frontAside, single, sets } = deployed;
  for (const info of [front, frontAside, single, ...sets.flatMap(({ replicas }) => replicas)]) {
    if (!info?.State.Paused) continue;
    await docker.getContainer(info.Id).unpause();
    info.State.Paused = false;
  }
}

/** Writes to the journal that a change began, and how it ended. */
async function noted<T>(journal: Journal, command: string, work: () => Promise<T>): Promise<T> {
  const verb = verbOf(command);
  const began = Date.now();
  const release = verb === 'update' ? (command.split(' ')[1] ?? null) : null;
  await journal.note({ event: `${verb}.began`, message: `deploykit ${command}`, release });
  try {
    const result = await work();
    const took = ((Date.now() - began) / 1000).toFixed(1);
    await journal.note({ event: `${verb}.done`, message: `deploykit ${command}: done in ${took} s` });
    return result;
  } catch (error) {
    const message = `deploykit ${command}: ${(error as Error).message.replace(/\s+/g, ' ')}`;
    // What failed is told, whether or not it can be written down.
    await Promise.allSettled([journal.note({ event: `${verb}.failed`, message })]);
    throw error;
  }
}

const GATEWAY_ERRORS = [502, 503, 504];

/**
 * Asks once through the public port, where this machine can: the server answered its own probe already, so what counts
 * is only whether the front reaches it.
 * @throws DeploykitError DK_SERVER_FAILED when the front answers with an error of its own.
 */
export async function checkFront({ engine, context }: Operator, plan: Plan): Promise<void> {
  const info = await findContainer(engine.docker, objectNames(plan.name).front);
  const reachable = engine.local || engine.ssh !== null;
  const published = info && reachable ? await publishedEndpoint(info, engine, plan) : null;
  if (!published) return;
  const { endpoint, close } = await reachPublished(engine, published, plan.name);
  const answer = await httpGet(endpoint, plan.app.healthPath, context.signal).finally(close);
  if (!('status' in answer) || !GATEWAY_ERRORS.includes(answer.status)) return;
  throw new DeploykitError(
    'DK_SERVER_FAILED',
    `the front answers ${answer.status} instead of the application`,
    {
      hint: `Its container says why: docker logs ${objectNames(plan.name).front}`,
    },
  );
}
