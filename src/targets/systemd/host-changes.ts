import { DeploykitError } from '../../errors.js';
import { notRunning } from '../target.js';
import { changePart } from './change.js';
import type { HostFacts } from './facts.js';
import { underLock } from './host-lock.js';
import { readPlan } from './host-status.js';
import { judgeReady, readyCommand } from './instance.js';
import type { OnHost } from './on-host.js';
import { hostPaths } from './paths.js';
import { switchRelease } from './switch.js';
import { TRIAL_INI, trialIni } from './trial.js';

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
  await underLock(on, name, `rollback ${release}`, facts, async (held) => {
    const plan = await readPlan(held.on, name, release);
    const service = await held.on.run(['cat', `${paths.release(release)}/units/${name}@.service`]);
    const ini = await held.on.run(['cat', `${paths.release(release)}/uwsgi.ini`]);
    // A release from an older version came without the ini of its trial.
    await held.on.put(`${paths.release(release)}/${TRIAL_INI}`, trialIni(name, ini), '644');
    await switchRelease({ ...held, plan, paths, release, seconds, service });
  });
  return release;
}

/** Replaces the workers of the release that serves, one after the other. @throws DK_NOT_RUNNING. */
export async function reloadHost(change: Change): Promise<void> {
  const { name, facts, seconds } = change;
  const release = facts.current;
  if (!release || !facts.active.includes(release)) throw notRunning(name);
  const paths = hostPaths(name);
  await underLock(change.on, name, `reload ${release}`, facts, async ({ on }) => {
    const plan = await readPlan(on, name, release);
    on.reporter.step(`${on.host.name}: reloading release ${release}`);
    const unit = paths.unit(release);
    const since = Number(await on.shell('date +%s; systemctl reload "$1"', [unit]));
    const run = `/run/deploykit-${name}/${release}`;
    const instance = { on, plan, paths, release, unit, run, seconds, settle: 1 };
    await judgeReady(instance, since, (await on.try(readyCommand(instance, since))).stdout);
  });
}

/** Stops what serves, after its requests; with `purge` removes everything but the service's own data. */
export async function stopHost(change: Change, purge: boolean): Promise<boolean> {
  const { name, facts } = change;
  if (!facts.socketActive && facts.active.length === 0 && !purge) return false;
  await underLock(change.on, name, purge ? 'down --purge' : 'down', facts, async ({ on }) => {
    on.reporter.step(`${on.host.name}: stopping, requests in flight are finished first`);
    await changePart(on, 'stop', name, []);
    if (purge) await changePart(on, 'purge', name, []);
  });
  return facts.active.length > 0;
}

/** The error of a release that a host does not keep, with those it does. */
export function unknownRelease(host: string, id: string | undefined, facts: HostFacts): DeploykitError {
  const known = facts.releases.map((one) => `${one}${one === facts.current ? ' (serves now)' : ''}`);
  const wanted = id ? `release ${id}` : 'other release that served well';
  return new DeploykitError('DK_RELEASE_UNKNOWN', `${host} has no ${wanted}`, {
    excerpt: known.join('\n'),
    hint: 'See what is kept: deploykit releases',
  });
}
