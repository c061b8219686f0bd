import type Docker from 'dockerode';
import { findContainer } from '../container.js';
import { isOurs } from '../labels.js';
import { objectNames } from '../names.js';
import { readSite, sentTo } from './read-site.js';

/** To how many replicas the front of a deployment sends; null where it has none, or the name is not this project's. */
export async function servingReplicas(
  docker: Docker,
  name: string,
  projectDir: string,
): Promise<number | null> {
  const front = await findContainer(docker, objectNames(name).front);
  if (!front || !isOurs(front.Config.Labels ?? {}, projectDir)) return null;
  return sentTo((await readSite(docker.getContainer(front.Id))).files) || null;
}
