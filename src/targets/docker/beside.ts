import type Docker from 'dockerode';
import { DeploykitError, throwIfAborted } from '../../errors.js';
import { containerLayout } from '../../plan/layout.js';
import { type BesideOptions, claimOf, type Instance, type ReleaseClaim, WATCHED } from '../target.js';
import { containerLog, createContainer, removeContainer, startContainer } from './container.js';
import { besideOptions } from './create-options.js';
import type { Engine } from './engine.js';
import { LABEL } from './labels.js';
import { containerMemory } from './memory.js';
import { objectNames } from './names.js';
import { reachPublished } from './reach.js';
import { readStats } from './ready.js';
import type { Operator } from './release/change.js';
import { publishedEndpoint } from './route.js';

const WAIT_MS = 60_000;

/**
 * A second instance of a container's release, beside it.
 * @throws DeploykitError DK_SERVER_FAILED with its log.
 */
export async function besideModel(
  { engine, context }: Operator,
  model: Docker.ContainerInspectInfo,
  { shape, sleeping = false, watched = false }: BesideOptions,
): Promise<Instance> {
  const name = objectNames(context.project.name)[sleeping ? 'verification' : 'beside'];
  const options = besideOptions(model, shape, sleeping, watched ? WATCHED : {});
  const instance = await openBeside(engine, options, name, context.signal);
  return { ...instance, claim: shape ? claimOf(shape.plan) : claimOfContainer(model) };
}

// A container of ours always has it.
function claimOfContainer({ Config }: Docker.ContainerInspectInfo): ReleaseClaim {
  return JSON.parse(Config.Labels?.[LABEL.claim] ?? 'null') as ReleaseClaim;
}

/** Starts a second container and waits until it is loaded. @throws DeploykitError DK_SERVER_FAILED with its log. */
async function openBeside(
  engine: Engine,
  options: Docker.ContainerCreateOptions,
  name: string,
  signal: AbortSignal,
): Promise<Omit<Instance, 'claim'>> {
  const { docker } = engine;
  await removeContainer(docker, name);
  const container = await createContainer(docker, name, options);
  const close = (): Promise<void> => removeContainer(docker, name);
  try {
    await startContainer(container, '127.0.0.1');
    await waitLoaded(container, signal);
    const published = await publishedEndpoint(await container.inspect(), engine);
    if (!published) throw new DeploykitError('DK_SERVER_FAILED', 'the second instance publishes no port');
    const reached = await reachPublished(engine, published, name);
    return {
      endpoint: reached.endpoint,
      memory: () => containerMemory(container),
      log: () => containerLog(container),
      close: async () => {
        await reached.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function waitLoaded(container: Docker.Container, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  const layout = containerLayout('.');
  for (;;) {
    throwIfAborted(signal);
    const { State } = await container.inspect();
    if (!State.Running || Date.now() > deadline) {
      throw new DeploykitError('DK_SERVER_FAILED', 'the second instance did not come up', {
        excerpt: await containerLog(container, 30),
      });
    }
    const stats = await readStats(container, { layout });
    if (stats && stats.workers > 0 && stats.ready === stats.workers) return;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}
