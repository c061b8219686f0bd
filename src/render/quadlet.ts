import { socketAddress } from '../plan/placement.js';
import type { Artefact, Plan } from '../plan/types.js';
import { file, HEADER, type Templates } from './artefact.js';
import { containerFacts } from './container.js';
import { execForm } from './quote.js';
import { fill } from './template.js';

// Podman removes a container that did not stop in time; systemd waits for that.
const STOP_MARGIN_S = 10;

/** Quadlet units for Podman's systemd generator (podman-systemd.unit(5)): the container and its network. */
export function renderQuadlet(plan: Plan, templates: Templates): Artefact[] {
  const { image, container, tmpfs, health } = containerFacts(plan);
  const { stopGrace } = plan.server.timeouts;
  const context = {
    header: HEADER,
    name: plan.name,
    description: `${plan.name} (uWSGI, ${plan.server.slots} slots)`,
    image: `localhost/deploykit/${plan.name}`,
    publish: `${socketAddress(plan.bind, plan.port)}:${container.containerPort}`,
    uid: image.uid,
    gid: image.gid,
    network: container.network ?? `${plan.name}.network`,
    tmpfs,
    volumes: container.volumes.map(
      ({ source, target, readOnly }) => `${source}:${target}${readOnly ? ':ro' : ''}`,
    ),
    listen: plan.server.listen,
    nofile: container.nofile,
    pids: container.pidsLimit,
    limits: [
      ...(container.memoryBytes ? [`--memory=${container.memoryBytes}b`] : []),
      ...(container.cpus ? [`--cpus=${container.cpus}`] : []),
    ].join(' '),
    environment: Object.entries(plan.app.env).map(([name, value]) => `${name}=${value}`),
    envFile: plan.app.envFile ? `/etc/deploykit/${plan.name}/env` : null,
    secrets: plan.app.secretNames,
    health: execForm(health),
    stopGrace,
    stopWait: stopGrace + STOP_MARGIN_S,
  };
  return [
    file(`${plan.name}.container`, fill(templates('quadlet/app.container.hbs'), context)),
    file(`${plan.name}.network`, fill(templates('quadlet/app.network.hbs'), context)),
  ];
}
