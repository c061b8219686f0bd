import type { Endpoint } from '../../endpoint.js';
import { loadTemplate } from '../../host/templates.js';
import type { Plan } from '../../plan/types.js';
import { type LogLine, lastError } from '../../uwsgi/last-error.js';
import { summarizeSamples } from '../../uwsgi/stats.js';
import { claimOf, type HostStatus, NOTHING } from '../target.js';
import type { HostFacts } from './facts.js';
import type { OnHost } from './on-host.js';
import { hostPaths } from './paths.js';

const SAMPLE_SECONDS = 1;

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

/** What runs on one host and how it is, in one round trip. */
export async function hostStatus(on: OnHost, name: string, facts: HostFacts): Promise<HostStatus> {
  const host = on.host.name;
  const release = facts.current;
  if (!release) return { host, ...NOTHING };
  const text = await on.run(['sh', '-s', '--', name, release, String(SAMPLE_SECONDS)], {
    input: loadTemplate('host/status.sh'),
  });
  const { plan, startedAt, ...vitals } = readReport(text);
  return {
    host,
    running: facts.active.includes(release) && facts.socketActive,
    release,
    endpoint: hostEndpoint(host, plan),
    claim: claimOf(plan),
    startedAt,
    id: hostPaths(name).unit(release),
    ...vitals,
  };
}

/** Reads what status.sh prints. */
export function readReport(
  text: string,
): { plan: Plan } & Pick<
  HostStatus,
  'startedAt' | 'stats' | 'requestsPerSecond' | 'memory' | 'restarts' | 'lastError'
> {
  const [head = '', log = ''] = text.split(/^log=$/m);
  const value = (key: string): string => new RegExp(`^${key}=(.*)$`, 'm').exec(head)?.[1] ?? '';
  const samples = value('samples') ? summarizeSamples(value('samples')) : null;
  const bytes = number(value('MemoryCurrent'));
  return {
    plan: JSON.parse(value('plan')) as Plan,
    startedAt: isoTime(value('ActiveEnterTimestamp').replace('@', '')),
    stats: samples?.stats ?? null,
    requestsPerSecond: samples?.requestsPerSecond ?? null,
    memory: bytes === null ? null : { bytes, limitBytes: number(value('MemoryMax')) },
    restarts: { service: number(value('NRestarts')) ?? 0, workers: samples?.stats.restarts ?? 0 },
    lastError: lastError(log.trim().split('\n').map(journalLine)),
  };
}

// systemctl says `infinity` for no limit and `[not set]` for a unit that does not run.
function number(text: string): number | null {
  return /^\d+$/.test(text) ? Number(text) : null;
}

function isoTime(seconds: string): string | null {
  return /^\d+(\.\d+)?$/.test(seconds) ? new Date(Number(seconds) * 1000).toISOString() : null;
}

// `short-unix`: seconds since the epoch, host, `identifier[pid]:`, the line itself.
function journalLine(line: string): LogLine {
  const [, seconds = '', text = line] = /^(\d+\.\d+) \S+ [^:]+: (.*)$/.exec(line) ?? [];
  return { at: isoTime(seconds), text };
}
