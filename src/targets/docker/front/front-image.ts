import { createHash } from 'node:crypto';
import { DeploykitError } from '../../../errors.js';
import type { Artefact } from '../../../plan/types.js';
import { imageId } from '../base-image.js';
import { type BuildInput, buildImage } from '../build-image.js';

const DOCKERFILE = 'Front.Dockerfile';

/** The tag of the image that the rendered recipe makes. */
export function frontTag(artefacts: readonly Artefact[]): string {
  const recipe = artefacts.find(({ path }) => path === DOCKERFILE)?.contents ?? '';
  return `deploykit/front:${createHash('sha256').update(recipe).digest('hex').slice(0, 12)}`;
}

/**
 * The image with nginx of the base's own distribution; built once for a base, and shared by all projects on it.
 * @returns its tag.
 * @throws DeploykitError DK_FRONT_MISSING, naming the ways out.
 */
export async function ensureFrontImage(
  input: Omit<BuildInput, 'tag' | 'labels' | 'dockerfile' | 'source'>,
): Promise<string> {
  const { docker, deployment, reporter } = input;
  const tag = frontTag(deployment.artefacts);
  if (await imageId(docker, tag)) return tag;
  const base = deployment.plan.image?.base ?? '';
  reporter.step(`Building ${tag}: nginx on ${base}`);
  try {
    await buildImage({ ...input, tag, dockerfile: DOCKERFILE, source: [], labels: {} });
  } catch (error) {
    throw error instanceof DeploykitError && error.code === 'DK_BUILD_FAILED' ? missing(base, error) : error;
  }
  return tag;
}

function missing(base: string, { details }: DeploykitError): DeploykitError {
  return new DeploykitError('DK_FRONT_MISSING', `nginx cannot be installed on the base image ${base}`, {
    ...(details.excerpt === undefined ? {} : { excerpt: details.excerpt }),
    hint: [
      'Ways out:',
      '  without nginx:            [front] kind = "none" in deploykit.toml; an update then refuses requests for a moment',
      '  no network on the engine: a base image that has nginx already needs none: deploykit up --base IMAGE',
      '  a private CA:             [image] ca_file in deploykit.toml',
    ].join('\n'),
  });
}
