import type { Endpoint } from '../../endpoint.js';
import type { Plan } from '../../plan/types.js';
import { summarizeStats } from '../../uwsgi/stats.js';
import { claimOf, NOTHING, type Status } from '../target.js';
import type { HostFacts } from './facts.js';
import type { OnHost } from './on-host.js';
import { hostPaths } from './paths.js';

/** The plan a release was made with: status, bench and rollback hold it to that, not to today's project file. */
export async function readPlan(on: OnHost, name: string, release: string): Promise<Plan> {
  return JSON.parse(await on.run(['cat', `${hostPaths(name).release(release)}/plan.json`])) as Plan;
}

/** Where a service listens, seen from its own host. */
export function hostEndpoint(host: string, { bind, port, app }: Plan): Endpoint {
  const loopback = bind === '127.0.0.1' || bind === '::1';
  const note = loopback ? `systemd socket, on ${host} itself only` : `systemd socket at ${host}`;
  return { host: bind, port, hostHeader: app.hostHeader, route: { kind: 'ssh-tunnel', note } };
}

/** What runs on one host. */
export async function hostStatus(
  on: OnHost,
  name: string,
  facts: HostFacts,
): Promise<Omit<Status, 'hosts'> & { host: string }> {
  const host = on.host.name;
  const release = facts.current;
  if (!release) return { host, ...NOTHING };
  const plan = await readPlan(on, name, release);
  const paths = hostPaths(name);
  const folder = paths.release(release);
  const stats = await on.try([
    ...['env', `DEPLOYKIT_STATS=/run/deploykit-${name}/${release}/stats.sock`],
    ...[`${folder}/venv/bin/python`, `${folder}/probe.py`, 'stats'],
  ]);
  const since = await on.try([
    'systemctl',
    'show',
    '--value',
    '-p',
    'ActiveEnterTimestamp',
    paths.unit(release),
  ]);
  return {
    host,
    running: facts.active.includes(release) && facts.socketActive,
    release,
    endpoint: hostEndpoint(host, plan),
    claim: claimOf(plan),
    stats: stats.exitCode === 0 ? summarizeStats(stats.stdout) : null,
    startedAt: since.stdout.trim() || null,
    id: paths.unit(release),
  };
}
