import type { Route } from '../../endpoint.js';
import type { Plan } from '../../plan/types.js';
import type { Verification } from '../target.js';
import type { OnHost } from './on-host.js';
import { hostPaths } from './paths.js';
import { startAuxiliary } from './trial.js';

const FREE_PORT = 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])';

/** A second instance of the serving release on the host, with a sleeping path, reached through a tunnel. */
export async function openHostVerification(on: OnHost, plan: Plan, release: string): Promise<Verification> {
  const ini = await on.run(['cat', `${hostPaths(plan.name).release(release)}/uwsgi.ini`]);
  const auxiliary = await openHostAuxiliary(on, plan, release, ini, 'verify:application');
  return { ...auxiliary, path: (ms) => `/.deploykit/sleep/${ms}` };
}

/** A second instance of a release with an ini, and perhaps a module, of its own; reached through a tunnel. */
export async function openHostAuxiliary(
  on: OnHost,
  plan: Plan,
  release: string,
  ini: string,
  module?: string,
): Promise<Pick<Verification, 'endpoint' | 'close'>> {
  const paths = hostPaths(plan.name);
  const name = `${plan.name}-verify`;
  const stop = async (): Promise<void> => {
    await on.undoing.try(['systemctl', 'stop', '--quiet', name]);
    await on.undoing.try(['rm', '-f', `${paths.release(release)}/verify.ini`]);
  };
  await stop();
  const remote = Number((await on.run(['python3', '-c', FREE_PORT])).trim());
  const service = await on.run(['cat', `/etc/systemd/system/${plan.name}@.service`]);
  const since = Number((await on.run(['date', '+%s'])).trim());
  try {
    const unit = {
      name,
      run: `/run/deploykit-${name}`,
      ini: 'verify.ini',
      httpSocket: `127.0.0.1:${remote}`,
    };
    const env = { DEPLOYKIT_APP: `${plan.app.module}:${plan.app.callable}` };
    const own = { ...unit, ...(module ? { module } : {}), env };
    await startAuxiliary({ on, plan, paths, release, service, ini, seconds: 60 }, own, since);
    const { port, close } = await on.host.forward('127.0.0.1', remote);
    const route = tunnelRoute(on.host.name);
    return {
      endpoint: { host: '127.0.0.1', port, hostHeader: plan.app.hostHeader, route },
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

/** The way to a service that listens on its own host only. */
export function tunnelRoute(host: string): Route {
  return { kind: 'ssh-tunnel', note: `an ssh tunnel to ${host}, then straight to uWSGI's socket` };
}
