import type Docker from 'dockerode';
import { DeploykitError } from '../../errors.js';

/** A container by name with its inspection, or null when there is none. */
export async function findContainer(
  docker: Docker,
  name: string,
): Promise<Docker.ContainerInspectInfo | null> {
  try {
    return await docker.getContainer(name).inspect();
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

/**
 * Creates a container. The options go into the request's body alone: dockerode would put them into the URL as well.
 * @throws DeploykitError DK_SERVER_FAILED for a folder of [target.NAME] volumes that is not on the engine's host.
 */
export async function createContainer(
  docker: Docker,
  name: string,
  options: Docker.ContainerCreateOptions,
): Promise<Docker.Container> {
  const request = { _query: { name }, _body: options } as unknown as Docker.ContainerCreateOptions;
  try {
    return await docker.createContainer(request);
  } catch (error) {
    const missing = /bind source path does not exist: (\S+)/.exec((error as Error).message)?.[1];
    if (!missing) throw error;
    throw new DeploykitError('DK_SERVER_FAILED', `the engine's host has no ${missing}`, {
      hint: 'It is [front] challenge_dir, or the first part of one of [target.NAME] volumes: make the folder there, or correct the path.',
      cause: error,
    });
  }
}

/**
 * Starts a container.
 * @throws DeploykitError DK_PORT_TAKEN, or DK_SERVER_FAILED with the Engine's own words.
 */
export async function startContainer(container: Docker.Container, where: string): Promise<void> {
  try {
    await container.start();
  } catch (error) {
    if (error instanceof DeploykitError) throw error;
    const message = (error as { json?: { message?: string } }).json?.message ?? (error as Error).message;
    if (/port is already allocated|address already in use/i.test(message)) {
      throw new DeploykitError('DK_PORT_TAKEN', `${where} is in use`, {
        excerpt: message,
        hint: 'Stop what listens there, or choose another port: deploykit up --port 8001 (0 picks a free one).',
      });
    }
    throw new DeploykitError('DK_SERVER_FAILED', 'the engine could not start the container', {
      excerpt: message,
      hint: 'The engine says why above.',
    });
  }
}

/** Removes a container, running or not; one that is gone already is fine. */
export async function removeContainer(docker: Docker, name: string): Promise<void> {
  try {
    await docker.getContainer(name).remove({ force: true, v: true });
  } catch (error) {
    const status = statusOf(error);
    if (status === 409) return waitGone(docker, name);
    if (status !== 404) throw error;
  }
}

/**
 * Stops a container gracefully, by its own StopSignal; one that does not run is fine.
 * @param seconds after which it is killed; default: its own StopTimeout.
 */
export async function stopContainer(docker: Docker, name: string, seconds?: number): Promise<void> {
  try {
    await docker.getContainer(name).stop(seconds === undefined ? {} : { t: seconds });
  } catch (error) {
    const status = statusOf(error);
    if (status !== 304 && status !== 404) throw error;
  }
}

/** Everything a container printed, both streams in order; the last `lines` of it when given. */
export async function containerLog(
  container: Docker.Container,
  lines?: number,
  options: { timestamps?: boolean; since?: number } = {},
): Promise<string> {
  const raw = (await container.logs({
    ...options,
    stdout: true,
    stderr: true,
    follow: false,
    ...(lines ? { tail: lines } : {}),
  })) as Buffer;
  return demultiplex(raw);
}

// Engine API, "Stream format": an 8-byte header (stream, 0, 0, 0, big-endian length) before each frame.
function demultiplex(raw: Buffer): string {
  const frames: Buffer[] = [];
  for (let at = 0; at + 8 <= raw.length; ) {
    const length = raw.readUInt32BE(at + 4);
    frames.push(raw.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return Buffer.concat(frames).toString('utf8');
}

/** Waits until a container that is being removed is gone. */
export async function waitGone(docker: Docker, name: string): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt++) {
    if (!(await findContainer(docker, name))) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function statusOf(error: unknown): number | undefined {
  return (error as { statusCode?: number }).statusCode;
}
