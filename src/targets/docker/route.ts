import { readdir, readFile } from 'node:fs/promises';
import type Docker from 'dockerode';
import type { Endpoint, Route } from '../../endpoint.js';
import { CONTAINER_PORT } from '../../plan/placement.js';
import type { Plan } from '../../plan/types.js';
import type { Engine } from './engine.js';
import { LABEL } from './labels.js';

/**
 * The published endpoint of a running container, with the way a request takes to it; null when nothing is published.
 * @param plan of what the container is the front of: a front lives on while that changes.
 */
export async function publishedEndpoint(
  info: Docker.ContainerInspectInfo,
  engine: Pick<Engine, 'local' | 'ssh'>,
  plan?: Pick<Plan, 'app' | 'front'>,
): Promise<Endpoint | null> {
  const binding = info.NetworkSettings.Ports?.[`${CONTAINER_PORT}/tcp`]?.[0];
  if (!binding) return null;
  const port = Number(binding.HostPort);
  const wildcard = binding.HostIp === '' || binding.HostIp === '0.0.0.0' || binding.HostIp === '::';
  return {
    host: wildcard ? '127.0.0.1' : binding.HostIp,
    port,
    hostHeader: plan?.app.hostHeader ?? info.Config.Labels?.[LABEL.hostHeader] ?? 'localhost',
    ...(plan?.front?.tls ? { tls: true } : {}),
    route: engine.local ? await localRoute(port) : remoteRoute(engine.ssh?.name, wildcard),
  };
}

function remoteRoute(host: string | undefined, open: boolean): Route {
  if (host === undefined) {
    return {
      kind: 'remote-engine',
      note: 'the engine is on another machine: forward the port to this one to measure it',
    };
  }
  return { kind: 'ssh-tunnel', note: `published at ${host}${open ? '' : ', on that machine itself only'}` };
}

// docker-proxy accepts on the container's behalf: it hides the container's listen queue and costs CPU.
async function localRoute(port: number): Promise<Route> {
  const proxied = await hasDockerProxy(port);
  return proxied
    ? {
        kind: 'docker-proxy',
        note: `published port ${port}, through docker-proxy, which accepts for the container`,
      }
    : { kind: 'published-port', note: `published port ${port}, forwarded by the kernel, no docker-proxy` };
}

async function hasDockerProxy(port: number): Promise<boolean> {
  const entries = await readdir('/proc').catch(() => [] as string[]);
  for (const pid of entries.filter((name) => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '');
    const argv = command.split('\0');
    if (argv[0]?.endsWith('docker-proxy') && argv[argv.indexOf('-host-port') + 1] === String(port))
      return true;
  }
  return false;
}
