import { createHash } from 'node:crypto';
import type Docker from 'dockerode';
import { SOCKETS } from '../../../plan/front.js';
import type { FrontPlan, Plan } from '../../../plan/types.js';
import { FRONT_CHALLENGES, FRONT_RUN, FRONT_SITE, FRONT_TEMP } from '../../../render/nginx.js';
import { volume } from '../create-options.js';
import { LABEL, type Role } from '../labels.js';
import { objectNames } from '../names.js';

// A replaced front refuses requests for a moment, so what follows from timeouts, slots or CPUs is no part of it: each of
// these is as much as any plan needs, and nginx holds itself to the plan's own by worker_shutdown_timeout, backlog= and
// worker_processes, which a reload changes.
const STOP_S = 3600;
const PIDS = 256;
const SOMAXCONN = 65_535;

/**
 * The Engine's create request of the front's container; pure. It alone publishes the port, and it is replaced only when
 * something here changes: what nginx is told lies in a volume, and a reload is enough for that.
 */
export function frontOptions(
  plan: Plan,
  front: FrontPlan,
  projectDir: string,
  image: string,
): Docker.ContainerCreateOptions {
  const names = objectNames(plan.name);
  const ports = portsOf(plan, front);
  const user = `${plan.image?.uid}:${plan.image?.gid}`;
  const owner = `uid=${plan.image?.uid},gid=${plan.image?.gid}`;
  const options: Docker.ContainerCreateOptions = {
    Image: image,
    User: user,
    ExposedPorts: Object.fromEntries(Object.keys(ports).map((port) => [port, {}])),
    StopSignal: 'SIGQUIT',
    StopTimeout: Math.max(STOP_S, plan.server.timeouts.stopGrace),
    // A folder of the image: it gives the anonymous volume its owner. Requests too large for memory go there.
    Volumes: { [FRONT_TEMP]: {} },
    HostConfig: {
      PortBindings: ports,
      Mounts: [volume(names.sockets, SOCKETS), volume(names.site, FRONT_SITE), ...challengesOf(front)],
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      Init: false,
      Tmpfs: { [FRONT_RUN]: `rw,nosuid,nodev,noexec,mode=0700,size=1m,${owner}` },
      PidsLimit: PIDS,
      Sysctls: { 'net.core.somaxconn': String(SOMAXCONN) },
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
    },
  };
  const hash = createHash('sha256').update(JSON.stringify(options)).digest('hex').slice(0, 12);
  return {
    ...options,
    Labels: {
      [LABEL.name]: plan.name,
      [LABEL.project]: projectDir,
      [LABEL.role]: 'front' satisfies Role,
      [LABEL.config]: hash,
      [LABEL.hostHeader]: plan.app.hostHeader,
    },
  };
}

function challengesOf({ challenges }: FrontPlan): Docker.MountSettings[] {
  if (challenges === null) return [];
  return [{ Type: 'bind', Source: challenges, Target: FRONT_CHALLENGES, ReadOnly: true }];
}

function portsOf(
  { bind, port, container }: Plan,
  { tls }: FrontPlan,
): Record<string, { HostIp: string; HostPort: string }[]> {
  const published = (to: number): { HostIp: string; HostPort: string }[] => [
    { HostIp: bind, HostPort: String(to) },
  ];
  return {
    [`${container?.containerPort}/tcp`]: published(port),
    ...(tls?.plain ? { [`${tls.plain.listen}/tcp`]: published(tls.plain.port) } : {}),
  };
}
