import type Docker from 'dockerode';
import type { Plan } from '../../plan/types.js';
import type { Deployment } from '../target.js';
import { imageId } from './base-image.js';
import type { Compared } from './compared.js';
import { needsNewSet } from './drift/mend.js';
import type { Engine } from './engine.js';
import { isFront, siteFiles } from './front/front.js';
import { frontTag } from './front/front-image.js';
import { frontOptions } from './front/options.js';
import { readSite, siteFolder } from './front/read-site.js';
import { objectNames } from './names.js';
import { nextSetId } from './release/change-release.js';
import type { Deployed, ReleaseSet } from './release/deployed.js';
import { keptSets } from './release/retire.js';
import { isWanted } from './wanted.js';

/** What `up` would do on an engine, one line a step; nothing when it has exactly this. */
export async function upSteps(
  { docker }: Engine,
  { plan, artefacts, folder }: Deployment,
  { deployed, wanted, drift }: Compared,
): Promise<string[]> {
  const mending = drift.filter(({ mend }) => mend !== null);
  const site = await siteSteps({ docker, plan, artefacts, deployed, wanted });
  const lock = `hold ${objectNames(plan.name).lock}, a container that ends with this command`;
  if (wanted && mending.length === 0 && isWanted(wanted, deployed))
    return site.length > 0 ? [lock, ...site] : [];
  const mends = mending.map(({ what, message, mend }) => `mend ${what}: ${message}; ${mend}`);
  if (wanted && !needsNewSet(plan.name, drift) && isWanted(wanted, settled(deployed)))
    return [lock, ...mends];
  const base = plan.image?.base ?? '';
  const release = wanted?.release ?? 'RELEASE';
  const built = wanted && (await imageId(docker, wanted.image));
  const tag = frontTag(artefacts);
  const frontThere = !plan.front || (await imageId(docker, tag));
  const command = plan.container?.releaseCommand;
  const known = deployed.sets.some((set) => set.proven && set.release === release);
  return [
    ...mends,
    ...((await imageId(docker, base)) ? [] : [`POST /images/create?fromImage=${base}`]),
    ...(frontThere ? [] : [`POST /build?t=${tag}&dockerfile=${folder}/Front.Dockerfile`]),
    ...(built ? [] : [`POST /build?t=deploykit/${plan.name}:${release}&dockerfile=${folder}/Dockerfile`]),
    lock,
    ...(command && !known ? [`run ${command} in a container of the new release, once`] : []),
    ...(plan.front ? frontedSteps(plan, deployed, release) : singleSteps(plan, deployed)),
    ...site,
  ];
}

// As it is once what is mended in place is mended.
function settled({ front, sets, current, ...rest }: Deployed): Deployed {
  const at = (info: Docker.ContainerInspectInfo, Running: boolean): Docker.ContainerInspectInfo => ({
    ...info,
    State: { ...info.State, Running },
  });
  const quiet = sets.map((set) =>
    set === current ? set : { ...set, replicas: set.replicas.map((info) => at(info, false)) },
  );
  return { ...rest, untaken: null, current, sets: quiet, front: front && at(front, true) };
}

function frontedSteps(plan: Plan, deployed: Deployed, release: string): string[] {
  const { front, current, single } = deployed;
  const names = objectNames(plan.name);
  const replicas = plan.container?.replicas ?? 1;
  const serves = current?.running ?? false;
  const set = release === 'RELEASE' ? 'RELEASE-N' : nextSetId(deployed, release);
  return [
    ...(front ? [] : [`POST /containers/create?name=${names.front}`]),
    ...Array.from({ length: replicas }, (_, i) => `create and start ${names.replica(set, i + 1)}`),
    `wait until ${plan.app.healthPath} answers below 500 in each and ${plan.server.slots} slots are there`,
    ...(serves ? ['watch for 3 s that no worker ends'] : []),
    ...(single
      ? [`POST /containers/${names.single}/stop (it has the port: requests are refused for a moment)`]
      : []),
    ...(front?.State.Running
      ? [`nginx -t, point the front to ${set} with one rename`]
      : [`start ${names.front}, published on ${plan.bind}:${plan.port}`]),
    ...(serves ? [`drain ${current?.id}, then stop it; its containers stay, to go back to`] : []),
    ...removed(deployed, set, release, plan.container?.keep ?? 5).flatMap(({ replicas: old }) =>
      old.map(({ Name }) => `remove ${Name.slice(1)}`),
    ),
  ];
}

// What is too old once the new set serves.
function removed({ sets }: Deployed, id: string, release: string, keep: number): ReleaseSet[] {
  const next = { id, release, replicas: [], running: true, proven: true, startedAt: '' };
  const kept = keptSets({ sets: [next, ...sets], current: next }, keep);
  return sets.filter((set) => !kept.includes(set));
}

/** nginx's own changes: it is replaced, or told something else. */
async function siteSteps({
  docker,
  plan,
  artefacts,
  deployed: { front },
  wanted,
}: Pick<Compared, 'deployed' | 'wanted'> &
  Pick<Deployment, 'plan' | 'artefacts'> &
  Pick<Engine, 'docker'>): Promise<string[]> {
  if (!front || !wanted?.front || !wanted.frontImage) return [];
  const options = frontOptions(plan, wanted.front, wanted.projectDir, wanted.frontImage);
  if (!isFront(front, options)) {
    return [`replace ${objectNames(plan.name).front}: requests are refused for a moment`];
  }
  const { folder } = await readSite(docker.getContainer(front.Id));
  const files = siteFiles(plan.name, [...artefacts, ...wanted.certificate], plan.container?.replicas ?? 1);
  return folder?.split('.')[0] === siteFolder(files) ? [] : ['give nginx its changed files, nginx -s reload'];
}

function singleSteps(plan: Plan, { single, front }: Deployed): string[] {
  const { single: name, front: frontName } = objectNames(plan.name);
  const running = single?.State.Running || front?.State.Running;
  return [
    ...(running ? ['start a trial container without a port, wait until it is ready, remove it'] : []),
    ...(single ? [`POST /containers/${name}/stop?t=${plan.server.timeouts.stopGrace} (interrupts)`] : []),
    ...(front ? [`POST /containers/${frontName}/stop (interrupts)`] : []),
    `POST /containers/create?name=${name}-next`,
    `POST /containers/${name}-next/start, published on ${plan.bind}:${plan.port}`,
    `wait until ${plan.app.healthPath} answers below 500 and ${plan.server.slots} slots are there`,
    `POST /containers/${name}-next/rename?name=${name}`,
  ];
}
