import type { SourceEntry } from '../../host/source.js';
import type { Artefact, Plan } from '../../plan/types.js';
import type { Python } from '../process/python.js';
import { audit } from './audit.js';
import type { HostFacts } from './facts.js';
import { lockHost } from './host-lock.js';
import { ensureHostVenv, venvKey } from './host-venv.js';
import type { WheelhouseOf } from './local-build/wheelhouse.js';
import type { OnHost } from './on-host.js';
import type { HostPaths } from './paths.js';
import { pruneReleases } from './prune.js';
import { shipRelease } from './ship.js';
import { switchRelease } from './switch.js';
import { runReleaseCommand, tryRelease } from './trial.js';
import { installUnits } from './units.js';

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
  python: Python;
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

/** Everything of an update on one host, under its lock: ship, prove, switch, drain, prune, audit. */
export async function releaseOnHost(input: ReleaseInput): Promise<void> {
  const { on, paths, release } = input;
  const unlock = await lockHost(on.host, paths.root, `deploykit up ${release}`);
  try {
    await deploy(input);
    await audit(on.host, paths.root, 'up', release);
  } catch (error) {
    await audit(on.host, paths.root, 'up', `${release} failed: ${(error as Error).message}`).catch(
      (lost: unknown) => {
        on.reporter.warn(`the audit log was not written: ${(lost as Error).message}`);
      },
    );
    throw error;
  } finally {
    await unlock();
  }
}

async function deploy(input: ReleaseInput): Promise<void> {
  const { on, plan, paths, facts, release, artefacts, python, seconds } = input;
  const key = await venvKey(input, python);
  await ensureHostVenv({ ...input, key });
  if (!facts.releases.includes(release)) {
    on.reporter.step(`${on.host.name}: shipping release ${release}`);
    const files = [...releaseFiles(artefacts), planFile(plan)];
    await shipRelease({ ...input, id: release, files, venv: `${paths.venvs}/${key}` });
  }
  const { socketChanged } = await installUnits(on, plan.name, artefacts, facts);
  const text = (name: string): string => artefacts.find((file) => file.path === name)?.contents ?? '';
  const trial = {
    on,
    plan,
    paths,
    release,
    seconds,
    service: text(`${plan.name}@.service`),
    ini: text('uwsgi.ini'),
  };
  try {
    if (input.canary && !facts.healthy.includes(release)) await runReleaseCommand(trial);
    await tryRelease(trial);
    await switchRelease({ on, plan, paths, facts, release, socketChanged, seconds });
  } catch (error) {
    // What never served is no release to go back to.
    if (!facts.healthy.includes(release))
      await on.undoing.try(['rm', '-rf', paths.release(release), paths.env(release), paths.secrets(release)]);
    throw error;
  }
  await pruneReleases(on, paths, plan.service?.keep ?? 5);
}

// What lies in the release folder; units lie elsewhere.
function releaseFiles(artefacts: readonly Artefact[]): Artefact[] {
  return artefacts.filter(({ path }) => ['uwsgi.ini', 'probe.py', 'verify.py'].includes(path));
}

// The plan of a release, so that status, bench and rollback hold it to what it was, not to today's project file.
function planFile(plan: Plan): Artefact {
  return { path: 'plan.json', contents: JSON.stringify(plan), mode: 0o644 };
}
