import type Docker from 'dockerode';
import { createContainer, removeContainer } from './container.js';
import { isOurs, LABEL, type Role } from './labels.js';
import { objectNames } from './names.js';

/**
 * Makes a container that never runs: through it is read what an image or a volume has. To be removed by the caller; one
 * of the same purpose that was left by a run that was killed goes first.
 * @param owner whose it is, as its label says.
 */
export async function openReader(
  docker: Docker,
  { name, owner }: { name: string; owner: string },
  purpose: string,
  options: Docker.ContainerCreateOptions,
): Promise<Docker.Container> {
  const own = `${objectNames(name).reader}.${purpose}`;
  await removeContainer(docker, own);
  return createContainer(docker, own, {
    ...options,
    Labels: {
      [LABEL.name]: name,
      [LABEL.project]: owner,
      [LABEL.role]: 'reader' satisfies Role,
    },
  });
}

/** Removes those that were left. */
export async function removeReaders(docker: Docker, name: string, projectDir: string): Promise<void> {
  const label = [`${LABEL.name}=${name}`, `${LABEL.role}=${'reader' satisfies Role}`];
  for (const { Id, Labels } of await docker.listContainers({ all: true, filters: { label } }))
    if (isOurs(Labels, projectDir)) await removeContainer(docker, Id);
}
