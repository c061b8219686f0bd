import type { Plan } from '../../plan/types.js';
import type { Deployment } from '../target.js';
import { imageId } from './base-image.js';
import type { Engine } from './engine.js';
import { frontTag } from './front/front-image.js';
import { objectNames } from './names.js';
import { type Deployed, readDeployed } from './release/deployed.js';

/** What `up` would do on an engine, one line a step. */
export async function upSteps(
  { docker }: Engine,
  { plan, artefacts, folder }: Deployment,
  projectDir: string,
): Promise<string[]> {
  const deployed = await readDeployed(docker, plan.name, projectDir);
  const base = plan.image?.base ?? '';
  const here = await imageId(docker, base);
  const tag = frontTag(artefacts);
  const frontThere = !plan.front || (await imageId(docker, tag));
  const command = plan.container?.releaseCommand;
  return [
    ...(here ? [] : [`POST /images/create?fromImage=${base}`]),
    ...(frontThere ? [] : [`POST /build?t=${tag}&dockerfile=${folder}/Front.Dockerfile`]),
    `POST /build?t=deploykit/${plan.name}:RELEASE&dockerfile=${folder}/Dockerfile`,
    `hold ${objectNames(plan.name).lock}, a container that ends with this command`,
    ...(command ? [`run ${command} in a container of the new release, once`] : []),
    ...(plan.front ? frontedSteps(plan, deployed) : singleSteps(plan, deployed)),
  ];
}

function frontedSteps(plan: Plan, { front, current, single }: Deployed): string[] {
  const names = objectNames(plan.name);
  const { container } = plan;
  const replicas = container?.replicas ?? 1;
  const serves = current?.running ?? false;
  return [
    ...(front ? [] : [`POST /containers/create?name=${names.front}`]),
    ...Array.from({ length: replicas }, (_, i) => `create and start ${names.replica('RELEASE-N', i + 1)}`),
    `wait until ${plan.app.healthPath} answers below 500 in each and ${plan.server.slots} slots are there`,
    ...(serves ? ['watch for 3 s that no worker ends'] : []),
    ...(single
      ? [`POST /containers/${names.single}/stop (it has the port: requests are refused for a moment)`]
      : []),
    ...(front?.State.Running
      ? ['nginx -t, point the front to RELEASE-N with one rename']
      : [`start ${names.front}, published on ${plan.bind}:${plan.port}`]),
    ...(serves ? [`drain ${current?.id}, then stop it; its containers stay, to go back to`] : []),
    `remove all but the newest ${container?.keep} releases`,
  ];
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
