import { run } from '../../host/run.js';
import type { Project } from '../../project/types.js';
import { checkRow, LEAST_DISK, LEAST_MEMORY, megabytes, rowOfStep } from '../check-row.js';
import { installHint } from '../process/install-hint.js';
import type { CheckRow } from '../target.js';
import type { HostFacts } from './facts.js';
import { hostPython } from './host-python.js';
import { findTwin } from './local-build/twin.js';
import type { OnHost } from './on-host.js';
import { hasSelinux } from './selinux.js';

// Ubuntu 22.04; the unit's directives and `systemd-run --property` are all known to it.
const OLDEST_SYSTEMD = 249;
const MOST_SKEW_SECONDS = 60;

/** Whether a host can take the deployment; changes nothing. */
export async function checkHost(
  on: OnHost,
  project: Project,
  target: string,
  facts: HostFacts,
): Promise<CheckRow[]> {
  const settings = project.target[target];
  const row = (what: string, ok: boolean, value: string, hint: string, severity?: 'warning'): CheckRow =>
    checkRow(on.host.name, what, ok, value, hint, severity);
  return [
    row(
      'os',
      /^ID(?:_LIKE)?=.*\b(debian|ubuntu|rhel|centos|fedora)\b/m.test(facts.osRelease),
      facts.os,
      'Not tried on this system; it may work.',
      'warning',
    ),
    row(
      'systemd',
      facts.systemdVersion >= OLDEST_SYSTEMD,
      String(facts.systemdVersion),
      `systemd ${OLDEST_SYSTEMD} or newer is needed.`,
    ),
    await pythonRow(on, project, facts, settings?.build ?? 'host'),
    settings?.wheelhouse
      ? await wheelhouseRow(on, settings.wheelhouse)
      : settings?.build === 'local'
        ? await wheelsRow(on, project, facts)
        : row(
            'compiler',
            facts.compiler !== null,
            facts.compiler ?? 'none',
            `Install it: ${installHint('compiler', '3', facts.osRelease)}, or build here: --build local.`,
          ),
    row(
      'disk',
      facts.diskFree >= LEAST_DISK,
      `${megabytes(facts.diskFree)} free below /srv`,
      'At least 1 GB should be free.',
    ),
    row(
      'memory',
      facts.machine.memoryBytes >= LEAST_MEMORY,
      megabytes(facts.machine.memoryBytes),
      'At least 256 MB are needed.',
    ),
    row(
      'clock',
      Math.abs(facts.clockSkew) <= MOST_SKEW_SECONDS,
      `${facts.clockSkew} s ahead`,
      'Set the clock; certificates and logs depend on it.',
      'warning',
    ),
    row(
      'selinux',
      !hasSelinux(facts) || facts.hasSemanage,
      facts.selinux,
      `For the contexts of files below /srv: ${installHint('semanage', '3', facts.osRelease)}`,
      'warning',
    ),
    ...(project.front.kind === 'nginx' ? [await nginxRow(on, facts)] : []),
    await portRow(on, project),
  ];
}

function pythonRow(
  on: OnHost,
  project: Project,
  facts: HostFacts,
  build: 'host' | 'local',
): Promise<CheckRow> {
  return rowOfStep(on.host.name, 'python', async () => {
    const python = await hostPython(on, project, facts, build);
    return `${python.version}, ${python.executable}`;
  });
}

function wheelsRow(on: OnHost, project: Project, facts: HostFacts): Promise<CheckRow> {
  return rowOfStep(on.host.name, 'wheels', async () => {
    const python = await hostPython(on, project, facts, 'local');
    const ask = (argv: string[]) => run(argv, { signal: on.signal });
    const twin = await findTwin({ name: on.host.name, python }, ask);
    return `built here with ${twin.executable}`;
  });
}

async function wheelhouseRow(on: OnHost, folder: string): Promise<CheckRow> {
  const { stdout } = await on.try([
    'find',
    folder,
    '-maxdepth',
    '1',
    '-name',
    'uwsgi-*.whl',
    '-o',
    '-maxdepth',
    '1',
    '-name',
    'uWSGI-*.whl',
  ]);
  const ok = stdout.trim() !== '';
  return {
    host: on.host.name,
    what: 'wheelhouse',
    ok,
    value: folder,
    hint: ok ? null : 'It holds no wheel of uWSGI.',
  };
}

async function nginxRow(on: OnHost, facts: HostFacts): Promise<CheckRow> {
  const { exitCode, all } = await on.try(['nginx', '-v']);
  const hint = `Install it: ${installHint('nginx', '3', facts.osRelease)}`;
  return checkRow(on.host.name, 'nginx', exitCode === 0, exitCode === 0 ? all.trim() : 'none', hint);
}

// Who listens on the public port, unless it is systemd for our own socket, or nginx, whose sites share it.
async function portRow(on: OnHost, project: Project): Promise<CheckRow> {
  const port = project.server.port || 8000;
  const own = await on.try(['systemctl', 'is-active', '--quiet', `${project.name}.socket`]);
  const { stdout } = await on.try(['ss', '-Hltnp', `sport = :${port}`]);
  const shared = project.front.kind === 'nginx' && /"nginx"/.test(stdout);
  const ok = own.exitCode === 0 || shared || stdout.trim() === '';
  const who = /users:\(\("([^"]+)"/.exec(stdout)?.[1] ?? 'another process';
  const value = ok ? (own.exitCode === 0 ? `${port}, ours` : `${port}, free`) : `${port} is taken by ${who}`;
  return {
    host: on.host.name,
    what: 'port',
    ok,
    value,
    hint: ok ? null : 'Stop it, or choose another [server] port.',
  };
}
