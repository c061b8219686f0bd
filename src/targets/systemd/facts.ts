import { DeploykitError } from '../../errors.js';
import type { Host } from '../../host/host.js';
import type { MachineFacts } from '../../plan/types.js';

/** What a host is, and what of this deployment is on it. */
export interface HostFacts {
  machine: MachineFacts;
  os: string;
  osRelease: string;
  systemdVersion: number;
  /** Bytes free below /srv. */
  diskFree: number;
  selinux: string;
  hasSemanage: boolean;
  /** Seconds the host's clock is ahead of ours. */
  clockSkew: number;
  compiler: string | null;
  current: string | null;
  /** Newest first. */
  releases: string[];
  /** Releases that once served well, newest first. */
  healthy: string[];
  venvs: string[];
  /** Instances that run: release ids. */
  active: string[];
  socketActive: boolean;
}

/**
 * Asks a host for its facts, in one round trip.
 * @param script `templates/host/facts.sh`.
 * @throws DeploykitError DK_HOST_UNREACHABLE; DK_HOST_UNFIT when it is no systemd machine.
 */
export async function readFacts(
  host: Host,
  name: string,
  script: string,
  signal: AbortSignal,
): Promise<HostFacts> {
  const result = await host.meet(script, [name], signal);
  const values = new Map(result.stdout.split('\n').map((line) => splitOnce(line)));
  const text = (key: string): string => values.get(key)?.trim() ?? '';
  const list = (key: string): string[] => text(key).split(' ').filter(Boolean);
  if (result.exitCode !== 0 || !text('systemd')) {
    throw new DeploykitError('DK_HOST_UNFIT', `${host.name} is not a machine run by systemd`, {
      excerpt: result.stderr.trim(),
      hint: 'The systemd target needs systemd 249 or newer as process 1.',
    });
  }
  return {
    machine: {
      cpus: Number(text('cpus')),
      memoryBytes: Number(text('memory')),
      somaxconn: Number(text('somaxconn')),
      source: `CPUs of ${host.name}`,
    },
    os: text('os'),
    osRelease: Buffer.from(text('osRelease'), 'base64').toString('utf8'),
    systemdVersion: Number(text('systemd')),
    diskFree: Number(text('disk')),
    selinux: text('selinux'),
    hasSemanage: text('semanage') !== '',
    clockSkew: Number(text('clock')) - Math.round(Date.now() / 1000),
    compiler: text('compiler') || null,
    current: text('current') || null,
    releases: list('releases'),
    healthy: list('healthy'),
    venvs: list('venvs'),
    active: list('active').map((unit) => unit.slice(name.length + 1, -'.service'.length)),
    socketActive: text('socket') === 'active',
  };
}

/** The facts that hold on every host: the smallest of each. */
export function smallest(all: readonly MachineFacts[]): MachineFacts {
  const [first] = all;
  if (!first || all.length === 1)
    return first ?? { cpus: 1, memoryBytes: 0, somaxconn: 128, source: 'no host' };
  const least = (pick: (facts: MachineFacts) => number): number => Math.min(...all.map(pick));
  return {
    cpus: least((facts) => facts.cpus),
    memoryBytes: least((facts) => facts.memoryBytes),
    somaxconn: least((facts) => facts.somaxconn ?? 65_535),
    source: `the smallest of ${all.length} hosts`,
  };
}

function splitOnce(line: string): [string, string] {
  const at = line.indexOf('=');
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
}
