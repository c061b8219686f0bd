import type { Route } from '../../endpoint.js';
import { type BesideOptions, claimOf, type Instance, iniOf, WATCHED } from '../target.js';
import { startAuxiliary } from './auxiliary.js';
import { readPlan } from './host-status.js';
import type { OnHost } from './on-host.js';
import { hostPaths } from './paths.js';

const FREE_PORT = 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])';

/** A second instance of a release on the host, reached through a tunnel. */
export async function openHostBeside(
  on: OnHost,
  deployment: string,
  release: string,
  { shape, sleeping = false, watched = false }: Omit<BesideOptions, 'release'>,
): Promise<Instance> {
  const paths = hostPaths(deployment);
  const kind = sleeping ? 'verify' : 'beside';
  const name = `${deployment}-${kind}`;
  const stop = async (): Promise<void> => {
    await on.undoing.try(['systemctl', 'stop', '--quiet', name]);
    await on.undoing.try(['rm', '-f', `${paths.release(release)}/${kind}.ini`]);
  };
  await stop();
  const plan = shape?.plan ?? (await readPlan(on, deployment, release));
  const ini = shape ? iniOf(shape) : await on.run(['cat', `${paths.release(release)}/uwsgi.ini`]);
  const remote = Number((await on.run(['python3', '-c', FREE_PORT])).trim());
  const service =
    serviceOf(shape) ?? (await on.run(['cat', `${paths.release(release)}/units/${deployment}@.service`]));
  try {
    const unit = {
      name,
      run: `/run/deploykit-${name}`,
      file: `${kind}.ini`,
      httpSocket: `127.0.0.1:${remote}`,
      env: { DEPLOYKIT_APP: `${plan.app.module}:${plan.app.callable}`, ...(watched ? WATCHED : {}) },
      ...(sleeping ? { module: 'verify:application' } : {}),
    };
    const since = await startAuxiliary({ on, plan, paths, release, service }, unit, ini);
    const { port, close } = await on.host.forward('127.0.0.1', remote);
    const route = tunnelRoute(on.host.name);
    return {
      endpoint: { host: '127.0.0.1', port, hostHeader: plan.app.hostHeader, route },
      claim: claimOf(plan),
      memory: () => unitMemory(on, name),
      log: () => on.run(['journalctl', '--quiet', '-o', 'cat', '-u', name, `--since=@${since}`]),
      close: async () => {
        await close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

// Its limits grow with the slots.
function serviceOf(shape: BesideOptions['shape']): string | undefined {
  return shape?.artefacts.find(({ path }) => path.endsWith('@.service'))?.contents;
}

/** Bytes the processes of a unit hold (MemoryCurrent of its control group); null when systemd does not count them. */
export async function unitMemory(on: OnHost, unit: string): Promise<number | null> {
  const { stdout } = await on.try(['systemctl', 'show', '--value', '-p', 'MemoryCurrent', unit]);
  return /^\d+$/.test(stdout.trim()) ? Number(stdout) : null;
}

/** The way to a service that listens on its own host only. */
export function tunnelRoute(host: string): Route {
  return { kind: 'ssh-tunnel', note: `an ssh tunnel to ${host}, then straight to uWSGI's socket` };
}
