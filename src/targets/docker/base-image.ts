import type Docker from 'dockerode';
import { DeploykitError, throwIfAborted } from '../../errors.js';
import type { Reporter } from '../target.js';
import { follow } from './progress.js';

/**
 * Makes sure the base image is on the engine; pulls it when it is not.
 * @returns its id, part of what makes a release.
 * @throws DeploykitError DK_BASE_MISSING, naming the ways out.
 */
export async function ensureBase(
  docker: Docker,
  base: string,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<string> {
  const there = await imageId(docker, base);
  if (there) return there;
  reporter.step(`Pulling ${base}`);
  try {
    const stream = await docker.pull(base);
    await follow(docker, stream, signal, (line) => reporter.detail(line));
  } catch (error) {
    throwIfAborted(signal);
    if (error instanceof DeploykitError) throw error;
    throw baseMissing(base, (error as Error).message);
  }
  const pulled = await imageId(docker, base);
  if (!pulled) throw baseMissing(base, 'the pull ended without it');
  return pulled;
}

/** The id of an image on the engine, or null. */
export async function imageId(docker: Docker, name: string): Promise<string | null> {
  try {
    return (await docker.getImage(name).inspect()).Id;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return null;
    throw error;
  }
}

function baseMissing(base: string, why: string): DeploykitError {
  return new DeploykitError(
    'DK_BASE_MISSING',
    `the base image ${base} is not on the engine and cannot be pulled`,
    {
      excerpt: why.trim(),
      hint: [
        'Ways out:',
        `  load it from a file:      docker load -i IMAGE.tar   (made elsewhere: docker save -o IMAGE.tar ${base})`,
        '  name another base:        deploykit up --base IMAGE   or [image] base in deploykit.toml',
        '  a private registry:       docker login, docker pull, then deploykit up',
        '  no registry at all:       docker/el9-like/build.sh of deploykit makes a stand-in, --base deploykit/el9-like:9',
        '  without a container:      deploykit up -t process',
      ].join('\n'),
    },
  );
}
