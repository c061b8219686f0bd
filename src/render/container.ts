import { wholeMegabytes } from '../plan/placement.js';
import type { ContainerPlan, ImagePlan, Plan } from '../plan/types.js';

interface ContainerFacts {
  image: ImagePlan;
  container: ContainerPlan;
  /** Everything the server writes to: its root is read-only. */
  tmpfs: { path: string; options: string }[];
  /** The command that asks the server how it is. */
  health: string[];
}

/** What every description of the container says, whichever tool reads it. */
export function containerFacts({ image, container, layout }: Plan): ContainerFacts {
  if (image === null || container === null) throw new TypeError('a docker plan has an image and a container');
  const owner = `uid=${image.uid},gid=${image.gid}`;
  return {
    image,
    container,
    tmpfs: [
      { path: '/tmp', options: `rw,nosuid,nodev,mode=1777,size=${wholeMegabytes(container.tmpBytes)}m` },
      { path: layout.run, options: `rw,nosuid,nodev,noexec,mode=0700,size=1m,${owner}` },
    ],
    health: [`${layout.venv}/bin/python`, `${layout.helpers}/probe.py`, 'health'],
  };
}
