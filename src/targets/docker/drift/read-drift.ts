import type Docker from 'dockerode';
import type { Drift } from '../../target.js';
import { createOptions } from '../create-options.js';
import { frontOptions } from '../front/options.js';
import { objectNames } from '../names.js';
import { type Deployed, numberOf, type ReleaseSet } from '../release/deployed.js';
import type { Wanted } from '../release/types.js';
import { containerDrift } from './container-drift.js';
import { foreignUsers } from './foreign.js';
import { renamedDrift } from './renamed.js';
import { siteDrift } from './site-drift.js';

const ANEW = 'a new set of replicas takes over';

/**
 * What a deployment has on its engine and is not as it was made; nothing is changed, and nothing is said of a
 * deployment that is not there.
 * @param wanted what the project is now: where it is what runs, more can be compared.
 */
export async function readDrift(
  docker: Docker,
  deployed: Deployed,
  wanted: Omit<Wanted, 'source'>,
): Promise<Drift[]> {
  const { name } = wanted.plan;
  const renamed = await renamedDrift(docker, name, wanted.projectDir);
  return [...renamed, ...(await presentDrift(docker, deployed, wanted))];
}

async function presentDrift(
  docker: Docker,
  deployed: Deployed,
  wanted: Omit<Wanted, 'source'>,
): Promise<Drift[]> {
  const { front, current, single } = deployed;
  const options = createOptions({ ...wanted, role: 'server' });
  if (single) {
    const mend = 'the container is replaced';
    return [...stopped(single, mend), ...(await containerDrift(docker, single, options, mend))];
  }
  if (!front) return [];
  const own =
    wanted.front && wanted.frontImage
      ? frontOptions(wanted.plan, wanted.front, wanted.projectDir, wanted.frontImage)
      : null;
  // The engine takes its time to compare a container with its image.
  const [nginx, { sent, drift: site }, foreign, ...servers] = await Promise.all([
    containerDrift(docker, front, own, 'nginx is replaced, which refuses requests for a moment'),
    siteDrift(docker, front, wanted),
    foreignUsers(docker, wanted.plan.name, wanted.projectDir),
    ...(current?.replicas ?? []).map((one) => containerDrift(docker, one, options, ANEW)),
  ]);
  return [
    ...stopped(front, 'it is started'),
    ...nginx,
    ...site,
    ...(current ? missing(wanted.plan.name, current, sent) : []),
    ...(current?.replicas ?? []).flatMap((one) => stopped(one, ANEW)),
    ...servers.flat(),
    ...started(deployed),
    ...foreign,
  ];
}

function stopped(info: Docker.ContainerInspectInfo, mend: string): Drift[] {
  const { State, Name } = info;
  const what = Name.slice(1);
  if (State.Paused) return [{ kind: 'stopped', what, message: 'it is paused', diff: '', mend }];
  if (State.Running) return [];
  return [{ kind: 'stopped', what, message: `it is ${State.Status}`, diff: '', mend }];
}

// The front is told of so many; which of them are there?
function missing(name: string, { id, replicas }: ReleaseSet, sent: number): Drift[] {
  const numbers = Array.from({ length: sent }, (_, i) => i + 1);
  const there = replicas.map(numberOf);
  return numbers
    .filter((number) => !there.includes(number))
    .map((number) => ({
      kind: 'missing',
      what: objectNames(name).replica(id, number),
      message: `replica ${number} of ${sent} was removed`,
      diff: '',
      mend: ANEW,
    }));
}

function started({ sets, current }: Deployed): Drift[] {
  const kept = sets.filter((set) => set !== current).flatMap(({ replicas }) => replicas);
  return kept
    .filter(({ State }) => State.Running)
    .map(({ Name }) => ({
      kind: 'started',
      what: Name.slice(1),
      message: 'it belongs to a release that does not serve, and runs',
      diff: '',
      mend: 'it is drained and stopped',
    }));
}
