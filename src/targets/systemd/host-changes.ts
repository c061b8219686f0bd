import { DeploykitError } from '../../errors.js';
import { notRunning } from '../target.js';
import { audit } from './audit.js';
import type { HostFacts } from './facts.js';
import { lockHost } from './host-lock.js';
import { readPlan } from './host-status.js';
import { waitInstance } from './instance.js';
import type { OnHost } from './on-host.js';
import { hostPaths } from './paths.js';
import { switchRelease } from './switch.js';
import { tryRelease } from './trial.js';

interface Change {
  on: OnHost;
  /** Of the deployment. */
  name: string;
  facts: HostFacts;
  /** To wait for an instance. */
  seconds: number;
}

/** Serves a release that is kept: the one named, else the last that served well before. @throws DK_RELEASE_UNKNOWN. */
export async function rollbackHost(change: Change, id: string | undefined): Promise<string> {
  const { on, name, facts, seconds } = change;
  const release = id ?? facts.healthy.find((one) => one !== facts.current);
  if (!release || !facts.releases.includes(release)) throw unknownRelease(on.host.name, id, facts);
  const paths = hostPaths(name);
  await locked(change, 'rollback', release, async () => {
    const plan = await readPlan(on, name, release);
    const service = await on.run(['cat', `/etc/systemd/system/${name}@.service`]);
    const ini = await on.run(['cat', `${paths.release(release)}/uwsgi.ini`]);
    await tryRelease({ on, plan, paths, release, seconds, service, ini });
    await switchRelease({ on, plan, paths, release, seconds, facts, socketChanged: false });
  });
  return release;
}

/** Replaces every worker of the release that serves; uWSGI keeps its sockets over the re-exec. @throws DK_NOT_RUNNING. */
export async function reloadHost(change: Change): Promise<void> {
  const { on, name, facts, seconds } = change;
  const release = facts.current;
  if (!release || !facts.active.includes(release)) throw notRunning(name);
  const paths = hostPaths(name);
  await locked(change, 'reload', release, async () => {
    const plan = await readPlan(on, name, release);
    on.reporter.step(`${on.host.name}: reloading release ${release}`);
    const since = Number((await on.run(['date', '+%s'])).trim());
    const unit = paths.unit(release);
    await on.run(['systemctl', 'reload', unit]);
    const run = `/run/deploykit-${name}/${release}`;
    await waitInstance({ on, plan, paths, release, unit, run, seconds, settle: 1, reloaded: true, since });
  });
}

/** Stops what serves, after its requests; with `purge` removes everything but the service's own data. */
export async function stopHost(change: Change, purge: boolean): Promise<boolean> {
  const { on, name, facts } = change;
  if (!facts.socketActive && facts.active.length === 0 && !purge) return false;
  await locked(change, 'down', purge ? 'purge' : 'stop', async () => {
    on.reporter.step(`${on.host.name}: stopping, requests in flight are finished first`);
    for (const id of facts.active) {
      await on.run(['systemctl', 'disable', '--now', '--quiet', hostPaths(name).unit(id)]);
    }
    await on.try(['systemctl', 'disable', '--now', '--quiet', `${name}.socket`]);
  });
  if (purge) await on.shell(PURGE, [name]);
  return facts.active.length > 0;
}

async function locked(
  { on, name }: Change,
  action: string,
  what: string,
  work: () => Promise<void>,
): Promise<void> {
  const { root } = hostPaths(name);
  const unlock = await lockHost(on.host, root, `deploykit ${action}`);
  try {
    await work();
    await audit(on.host, root, action, what);
  } finally {
    await unlock();
  }
}

// /var/lib/NAME, the service's StateDirectory, is the user's data and stays.
const PURGE = `rm -rf "/srv/$1" "/etc/deploykit/$1" "/etc/systemd/system/$1.socket" "/etc/systemd/system/$1.socket.d" \\
  "/etc/systemd/system/$1@.service" "/etc/sysusers.d/$1.conf"
systemctl daemon-reload
if id "$1" > /dev/null 2>&1; then userdel "$1"; fi`;

/** The error of a release that a host does not keep, with those it does. */
export function unknownRelease(host: string, id: string | undefined, facts: HostFacts): DeploykitError {
  const known = facts.releases.map((one) => `${one}${one === facts.current ? ' (serves now)' : ''}`);
  const wanted = id ? `release ${id}` : 'other release that served well';
  return new DeploykitError('DK_RELEASE_UNKNOWN', `${host} has no ${wanted}`, {
    excerpt: known.join('\n'),
    hint: 'See what is kept: deploykit releases',
  });
}
