import { createHash } from 'node:crypto';
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
 * @throws DeploykitError DK_BUILD_FAILED.
 */
export async function ensureFrontImage(
  input: Omit<BuildInput, 'tag' | 'labels' | 'dockerfile' | 'source'>,
): Promise<string> {
  const { docker, deployment, reporter } = input;
  const tag = frontTag(deployment.artefacts);
  if (await imageId(docker, tag)) return tag;
  reporter.step(`Building ${tag}: nginx on ${deployment.plan.image?.base}`);
  await buildImage({ ...input, tag, dockerfile: DOCKERFILE, source: [], labels: {} });
  return tag;
}
