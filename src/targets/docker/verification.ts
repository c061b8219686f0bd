import type Docker from 'dockerode';
import { DeploykitError, throwIfAborted } from '../../errors.js';
import { containerLayout } from '../../plan/layout.js';
import type { Verification } from '../target.js';
import { containerLog, createContainer, removeContainer, startContainer } from './container.js';
import { verificationOptions } from './create-options.js';
import type { Engine } from './engine.js';
import { readStats } from './ready.js';
import { publishedEndpoint } from './route.js';

const WAIT_MS = 60_000;

/**
 * Starts a second container of the running release whose application has a sleeping path beside the user's own.
 * @throws DeploykitError DK_SERVER_FAILED with its log when it does not come up.
 */
export async function openVerification(
  engine: Engine,
  running: Docker.ContainerInspectInfo,
  name: string,
  signal: AbortSignal,
): Promise<Verification> {
  const auxiliary = await openAuxiliary(engine, verificationOptions(running), name, signal);
  return { ...auxiliary, path: (ms) => `/.deploykit/sleep/${ms}` };
}

/** Starts a second container and waits until it is loaded. @throws DeploykitError DK_SERVER_FAILED with its log. */
export async function openAuxiliary(
  engine: Engine,
  options: Docker.ContainerCreateOptions,
  name: string,
  signal: AbortSignal,
): Promise<Pick<Verification, 'endpoint' | 'close'>> {
  const { docker } = engine;
  await removeContainer(docker, name);
  const container = await createContainer(docker, name, options);
  const close = (): Promise<void> => removeContainer(docker, name);
  try {
    await startContainer(container, '127.0.0.1');
    await waitLoaded(container, signal);
    const endpoint = await publishedEndpoint(await container.inspect(), engine.local);
    if (!endpoint)
      throw new DeploykitError('DK_SERVER_FAILED', 'the verification instance publishes no port');
    return { endpoint, close };
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
      throw new DeploykitError('DK_SERVER_FAILED', 'the verification instance did not come up', {
        excerpt: await containerLog(container, 30),
      });
    }
    const stats = await readStats(container, { layout });
    if (stats && stats.workers > 0 && stats.ready === stats.workers) return;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}
