import type Docker from 'dockerode';
import type { Drift } from '../../target.js';
import { isOurs, LABEL, type Role } from '../labels.js';
import { objectNames } from '../names.js';

interface Renamed {
  id: string;
  now: string;
  /** What deploykit called it. */
  own: string;
}

/** Containers of a deployment that somebody gave another name, where their own is free. */
async function renamedContainers(docker: Docker, name: string, projectDir: string): Promise<Renamed[]> {
  const label = [`${LABEL.name}=${name}`];
  const named = await docker.listContainers({ all: true, filters: { label } });
  const all = named.filter(({ Labels }) => isOurs(Labels, projectDir));
  const taken = all.flatMap(({ Names }) => Names);
  return all.flatMap(({ Id, Names, Labels }) => {
    const now = (Names[0] ?? '').slice(1);
    const [own, ...others] = ownNames(name, Labels);
    if (own === undefined || [own, ...others].includes(now) || taken.includes(`/${own}`)) return [];
    return [{ id: Id, now, own }];
  });
}

// The first is the lasting one.
function ownNames(name: string, labels: Record<string, string>): string[] {
  const names = objectNames(name);
  const role = labels[LABEL.role] as Role;
  if (role === 'front') return [names.front, names.frontAside];
  if (role !== 'server') return [];
  const set = labels[LABEL.set];
  if (set !== undefined) return [names.replica(set, Number(labels[LABEL.replica]))];
  return [names.single, `${names.single}-next`];
}

/** Gives the containers of a deployment their own names back: by name they are found. */
export async function restoreNames(docker: Docker, name: string, projectDir: string): Promise<void> {
  for (const { id, own } of await renamedContainers(docker, name, projectDir))
    await docker.getContainer(id).rename({ name: own });
}

/** The same as drift. */
export async function renamedDrift(docker: Docker, name: string, projectDir: string): Promise<Drift[]> {
  return (await renamedContainers(docker, name, projectDir)).map(({ now, own }) => ({
    kind: 'renamed',
    what: now,
    message: `its name was ${own}`,
    diff: '',
    mend: 'it gets its name back',
  }));
}
