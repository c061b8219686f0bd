import type Docker from 'dockerode';
import { LABEL } from './labels.js';

/** Removes the images of a project's releases, except those tags; an image that a container still uses stays. */
export async function pruneImages(docker: Docker, name: string, keep: readonly string[]): Promise<void> {
  const images = await docker.listImages({ filters: { label: [`${LABEL.name}=${name}`] } });
  for (const image of images) {
    if ((image.RepoTags ?? []).some((tag) => keep.includes(tag))) continue;
    try {
      await docker.getImage(image.Id).remove({ force: false });
    } catch (error) {
      const status = (error as { statusCode?: number }).statusCode;
      if (status !== 404 && status !== 409) throw error;
    }
  }
}
