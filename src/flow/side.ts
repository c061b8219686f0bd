import { DeploykitError } from '../errors.js';
import type { Project } from '../project/types.js';
import { type Instance, notRunning, type ReleaseClaim } from '../targets/target.js';
import { keepsReleases } from './releases.js';
import { openSession, planSession, runnable, type Session } from './session.js';
import type { Versus } from './versus.js';

/** A server that a comparison loads, running until closed. */
export interface Side extends Instance {
  label: string;
  /** Starts the same with a path that sleeps. */
  openSleeping(): Promise<Instance>;
}

type Shape = Extract<Versus, { kind: 'shape' }>;

// Greenlets or threads of a shape that has many, where the running one has none to go by.
const MANY = 100;

/** What runs. @throws DeploykitError DK_NOT_RUNNING. */
export async function runningSide(session: Session, besides: ReadonlySet<Versus['kind']>): Promise<Side> {
  const target = runnable(session);
  const status = await target.status();
  const { endpoint, claim, release } = status;
  if (!status.running || !endpoint || !claim) {
    throw notRunning(`${session.loaded.project.name} (target ${target.name})`);
  }
  const access = await target.reach?.(endpoint);
  return {
    label: labelOf(session, besides, claim, release),
    endpoint: access?.endpoint ?? endpoint,
    claim,
    memory: () => target.memory(),
    openSleeping: () => target.beside({ sleeping: true }),
    close: async () => access?.close(),
  };
}

/**
 * Starts what is compared with, beside the running deployment; another target is expected to run already.
 * @throws DeploykitError DK_USAGE for the shape that runs; DK_TARGET_UNKNOWN for a release of a target that keeps none;
 * DK_RELEASE_UNKNOWN; DK_NOT_RUNNING; DK_APP_*, DK_SERVER_FAILED.
 */
export async function openSide(
  session: Session,
  claim: ReleaseClaim,
  versus: Exclude<Versus, { kind: 'saved' }>,
): Promise<Side> {
  const { reporter } = session;
  if (versus.kind === 'target') {
    const other = await otherTarget(session, versus.name);
    return runningSide(other, new Set(['target']));
  }
  const { label } = versus;
  reporter.step(`Starting ${label} beside what runs`);
  const target = versus.kind === 'release' ? keepsReleases(session) : runnable(session);
  const which =
    versus.kind === 'release' ? { release: versus.id } : { shape: await shaped(session, claim, versus) };
  const instance = await target.beside(which);
  return { ...instance, label, openSleeping: () => target.beside({ ...which, sleeping: true }) };
}

/** Next to other shapes it is a shape, next to other releases a release. */
function labelOf(
  { choice }: Session,
  besides: ReadonlySet<Versus['kind']>,
  { topology }: ReleaseClaim,
  release: string | null,
): string {
  if (besides.has('shape')) return topology;
  if (besides.has('target')) return choice.name;
  return besides.has('release') ? `release ${release}` : 'now';
}

/**
 * Refuses what cannot be compared with, before anything is loaded.
 * @throws DeploykitError DK_USAGE for what runs already; DK_RELEASE_UNKNOWN; DK_TARGET_UNKNOWN; DK_NOT_RUNNING.
 */
export async function refuse(session: Session, claim: ReleaseClaim, versus: Versus): Promise<void> {
  if (versus.kind === 'shape') refuseSameShape(claim, versus);
  if (versus.kind === 'release') await refuseUnknownRelease(session, versus.id);
  if (versus.kind === 'target') {
    const target = runnable(await otherTarget(session, versus.name));
    const { running } = await target.status();
    if (!running) throw notRunning(`${session.loaded.project.name} (target ${target.name})`);
  }
}

function refuseSameShape(claim: ReleaseClaim, shape: Shape): void {
  if (claim.topology !== shape.topology || claim.perProcess !== countOf(claim, shape)) return;
  throw new DeploykitError('DK_USAGE', `--vs ${shape.label}: that is what runs`, {
    hint: 'Compare with another shape, or up with another one first.',
  });
}

async function refuseUnknownRelease(session: Session, wanted: string): Promise<void> {
  const kept = await keepsReleases(session).releases();
  if (kept.some(({ id }) => id.startsWith(wanted))) return;
  const ids = [...new Set(kept.map(({ id }) => id))];
  throw new DeploykitError('DK_RELEASE_UNKNOWN', `there is no release ${wanted}`, {
    hint: ids.length === 0 ? 'None is kept: an update keeps the one before.' : `Kept: ${ids.join(', ')}.`,
  });
}

async function otherTarget({ reporter, ...options }: Session, name: string): Promise<Session> {
  const other = await openSession({ ...options, reporter, target: name, running: true });
  if (other.choice.name !== options.choice.name) return other;
  throw new DeploykitError('DK_USAGE', `--vs-target ${name}: that is the target measured`);
}

function countOf(claim: ReleaseClaim, { topology, perProcess }: Shape): number {
  if (topology === 'sync') return 1;
  return perProcess ?? (claim.perProcess > 1 ? claim.perProcess : MANY);
}

async function shaped(session: Session, claim: ReleaseClaim, shape: Shape): ReturnType<typeof planSession> {
  const { project } = session.loaded;
  const { async: _a, threads: _t, ...rest } = project.server;
  const count = countOf(claim, shape);
  const own = { gevent: { async: count }, threads: { threads: count }, sync: {} }[shape.topology];
  const server: Project['server'] = { ...rest, ...own, processes: claim.processes };
  return planSession({ ...session, loaded: { ...session.loaded, project: { ...project, server } } });
}
