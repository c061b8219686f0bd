import type Docker from 'dockerode';
import { parseSize } from '../../../plan/placement.js';
import { RESTART } from '../restart.js';

type Info = Docker.ContainerInspectInfo;
type Host = Docker.HostConfig;

// What `docker update` can change, how people call it, and how a value is shown.
const LIMITS: readonly [key: keyof Host, name: string, show: (value: number | string) => string][] = [
  ['Memory', 'memory', (value) => (Number(value) > 0 ? `${Number(value) / parseSize('1m')} MB` : 'no limit')],
  ['NanoCpus', 'cpus', (value) => (Number(value) > 0 ? String(Number(value) / 1e9) : 'no limit')],
  ['CpuQuota', 'CPU quota', plain],
  ['CpuShares', 'CPU shares', plain],
  ['CpusetCpus', 'cpuset', plain],
  ['MemoryReservation', 'memory reservation', plain],
  ['BlkioWeight', 'block I/O weight', plain],
  ['PidsLimit', 'pids limit', plain],
];

/** The limits of a container that are not those it was given, a sentence each. */
export function changedLimits({ HostConfig }: Info, given: Host): string[] {
  const host = HostConfig as Host;
  return LIMITS.filter(([key]) => norm(host[key]) !== norm(given[key])).map(
    ([key, name, show]) => `${name} is ${show(norm(host[key]))}, and ${show(norm(given[key]))} was given`,
  );
}

/** What the engine does when a container ends, where it is not what is wanted of one that serves. */
export function changedPolicy({ HostConfig }: Info): string[] {
  const policy = HostConfig.RestartPolicy?.Name || 'no';
  const wanted = RESTART.serving;
  return policy === wanted ? [] : [`the restart policy is ${policy}, not ${wanted}`];
}

// What makes a container safe is the same in all of ours.
const ISOLATION: readonly [what: string, holds: (host: Host) => boolean][] = [
  ['its root is writable', (host) => host.ReadonlyRootfs === true],
  ['it is privileged', (host) => host.Privileged !== true],
  ['it has capabilities', (host) => (host.CapDrop ?? []).includes('ALL') && (host.CapAdd ?? []).length === 0],
  ['it may gain privileges', (host) => (host.SecurityOpt ?? []).includes('no-new-privileges')],
];

/** How a container is less closed than ours are. */
export function lostIsolation({ HostConfig }: Info): string[] {
  return ISOLATION.filter(([, holds]) => !holds(HostConfig as Host)).map(([what]) => what);
}

// The engine writes "none" as 0, null, -1 or nothing at all.
function norm(value: unknown): number | string {
  if (typeof value === 'string' && value !== '') return value;
  return typeof value === 'number' && value > 0 ? value : 0;
}

function plain(value: number | string): string {
  return String(value || 'none');
}
