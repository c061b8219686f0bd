import { createHash } from 'node:crypto';
import path from 'node:path';
import type Docker from 'dockerode';
import { SOCKETS } from '../../../plan/front.js';
import type { FrontPlan, Plan } from '../../../plan/types.js';
import { FRONT_RUN, FRONT_SITE, FRONT_TEMP } from '../../../render/nginx.js';
import { volume } from '../create-options.js';
import { LABEL, type Role } from '../labels.js';
import { objectNames } from '../names.js';

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
  const port = `${plan.container?.containerPort}/tcp`;
  const user = `${plan.image?.uid}:${plan.image?.gid}`;
  const owner = `uid=${plan.image?.uid},gid=${plan.image?.gid}`;
  const options: Docker.ContainerCreateOptions = {
    Image: image,
    User: user,
    ExposedPorts: { [port]: {} },
    StopSignal: 'SIGQUIT',
    StopTimeout: plan.server.timeouts.stopGrace,
    // A folder of the image: it gives the anonymous volume its owner. Requests too large for memory go there.
    Volumes: { [FRONT_TEMP]: {} },
    HostConfig: {
      PortBindings: { [port]: [{ HostIp: plan.bind, HostPort: String(plan.port) }] },
      Mounts: [volume(names.sockets, SOCKETS), volume(names.site, FRONT_SITE), ...certificates(front)],
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      Init: false,
      Tmpfs: { [FRONT_RUN]: `rw,nosuid,nodev,noexec,mode=0700,size=1m,${owner}` },
      PidsLimit: 16 + 2 * front.workers,
      Sysctls: { 'net.core.somaxconn': String(plan.server.listen) },
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

// The folders, not the files: a renewed certificate is another file of the same name.
function certificates({ tls }: FrontPlan): Docker.MountSettings[] {
  if (!tls) return [];
  const folders = [...new Set([path.posix.dirname(tls.certificate), path.posix.dirname(tls.key)])];
  return folders.map((folder) => ({ Type: 'bind', Source: folder, Target: folder, ReadOnly: true }));
}
