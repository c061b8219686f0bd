import type { SourceEntry } from '../../host/source.js';
import { loadTemplate } from '../../host/templates.js';
import type { Artefact, Plan } from '../../plan/types.js';
import { socketDropIn } from '../../render/systemd.js';
import type { Python } from '../process/python.js';
import type { HostFacts } from './facts.js';
import { installSite, testSite } from './front/site.js';
import { underLock } from './host-lock.js';
import { ensureHostVenv, venvKey } from './host-venv.js';
import type { WheelhouseOf } from './local-build/wheelhouse.js';
import type { OnHost } from './on-host.js';
import type { HostPaths } from './paths.js';
import { runReleaseCommand } from './release-command.js';
import { labelFiles } from './selinux.js';
import { shipRelease } from './ship.js';
import { switchRelease } from './switch.js';
import { TRIAL_INI, trialIni } from './trial.js';

export interface ReleaseInput {
  on: OnHost;
  plan: Plan;
  paths: HostPaths;
  facts: HostFacts;
  projectDir: string;
  release: string;
  artefacts: readonly Artefact[];
  source: readonly SourceEntry[];
  env: Record<string, string>;
  secrets: Record<string, Buffer>;
  /** Asked for while the lock is taken. */
  python: Promise<Python>;
  wheelhouse: WheelhouseOf;
  /** Hash of the source. */
  sourceHash: string;
  /** The first host runs the release command. */
  canary: boolean;
  seconds: number;
}

/** Whether a host already serves exactly this release. */
export function isCurrent(facts: HostFacts, release: string): boolean {
  return (
    facts.socketActive &&
    facts.current === release &&
    facts.active.length === 1 &&
    facts.active[0] === release
  );
}

/**
 * Everything of an update on one host, under its lock: ship, prove, switch, drain, prune.
 * @returns false when somebody else did it meanwhile.
 */
export async function releaseOnHost(input: ReleaseInput): Promise<boolean> {
  const { on, plan, release } = input;
  return underLock(on, plan.name, `up ${release}`, input.facts, async (held) => {
    if (isCurrent(held.facts, release)) return false;
    await deploy({ ...input, ...held, python: await input.python });
    return true;
  });
}

async function deploy(input: Omit<ReleaseInput, 'python'> & { python: Python }): Promise<void> {
  const { on, plan, paths, facts, release, artefacts, python, seconds } = input;
  const key = await venvKey(input, python);
  await ensureHostVenv({ ...input, key });
  const text = (name: string): string => artefacts.find((file) => file.path === name)?.contents ?? '';
  if (!facts.releases.includes(release)) {
    on.reporter.step(`${on.host.name}: shipping release ${release}`);
    const ini = { path: TRIAL_INI, contents: trialIni(plan.name, text('uwsgi.ini')), mode: 0o644 };
    const files = [...releaseFiles(artefacts, plan, release), ini, planFile(plan)];
    await shipRelease({ ...input, name: plan.name, id: release, files, venv: `${paths.venvs}/${key}` });
  }
  const proven = { on, plan, paths, release, service: text(`${plan.name}@.service`) };
  await labelFiles(on, paths, facts);
  await testSite(input);
  if (input.canary && !facts.healthy.includes(release)) await runReleaseCommand(proven);
  await switchRelease({ ...proven, facts, seconds });
  await installSite(input);
}

// What lies in the release folder, its units with it: going back to it brings them back.
function releaseFiles(artefacts: readonly Artefact[], plan: Plan, release: string): Artefact[] {
  const names = ['uwsgi.ini', 'probe.py', 'recycle.py', 'verify.py', 'watchdog.py'];
  const own = artefacts.filter(({ path }) => names.includes(path));
  const units = [`${plan.name}.socket`, `${plan.name}@.service`, 'sysusers.conf'];
  return [
    ...own,
    ...artefacts
      .filter(({ path }) => units.includes(path))
      .map((file) => ({ ...file, path: `units/${file.path}`, mode: 0o644 })),
    {
      path: 'units/release.conf',
      contents: socketDropIn(plan.name, release, loadTemplate),
      mode: 0o644,
    },
  ];
}

// The plan of a release, so that status, bench and rollback hold it to what it was, not to today's project file.
function planFile(plan: Plan): Artefact {
  return { path: 'plan.json', contents: JSON.stringify(plan), mode: 0o644 };
}
