import type { Project } from '../../project/types.js';
import type { Disturbance, ReleaseClaim, ReleaseTarget, Target } from '../../targets/target.js';
import type { Session } from '../session.js';
import { up } from '../up.js';
import { isWhole, until } from './until.js';

/** An event of a drill. */
export interface DrillStep {
  event: string;
  /** Done before requests are counted. */
  before?(): Promise<void>;
  work(): Promise<void>;
  /** Done after they were. */
  after?(): Promise<void>;
  /** The work breaks something; the event ends when it is whole again. */
  recovers?: boolean;
  /** What of a loss is in its nature, and what avoids it. */
  nature?: string;
}

interface StepInput {
  session: Session;
  target: Target;
  /** The release that serves, and shall serve again at the end. */
  release: string;
  /** Its shape, which the update keeps. */
  claim: ReleaseClaim | null;
  /** Requests a second, and workers that share them. */
  rate: number;
  workers: number;
  waitSeconds: number;
}

// What the load reaches in a few seconds: a worker is as old as recycling asks (10 s) before it is due.
const RECYCLE_SECONDS = 2.5;

// Replicas are docker's.
function natureOf(event: Disturbance, kind: Target['kind']): string {
  if (event === 'kill worker')
    return 'what a worker has in flight ends with it; nginx in front sends again what may be repeated, such as GET';
  const more = kind === 'docker' ? '; [target.NAME] replicas = 2 has another one answer' : '';
  const ends = event === 'kill server' ? 'what a server has in flight ends with it, and ' : '';
  return `${ends}until the server is back nobody answers${more}`;
}

/** The events a target can do, in order; after the last one the release serves that served before. */
export function stepsOf(input: StepInput): DrillStep[] {
  const { target } = input;
  const disturbances = target.disturbances.map(
    (event): DrillStep => ({
      ...{ event, recovers: true, nature: natureOf(event, target.kind) },
      work: () => target.disturb(event),
    }),
  );
  const changes = 'rollback' in target ? releaseSteps(input, target as ReleaseTarget) : plainSteps(input);
  return [...changes, ...disturbances];
}

function releaseSteps(input: StepInput, target: ReleaseTarget): DrillStep[] {
  const { release, waitSeconds } = input;
  const rollback = async (): Promise<void> => {
    await target.rollback(release, { waitSeconds });
  };
  return [
    { event: 'update', work: () => upChanged(input, 'update') },
    { event: 'rollback', work: rollback },
    { event: 'reload', work: () => target.reload({ waitSeconds }) },
    { ...recycleStep(input), after: rollback },
  ];
}

// Where no releases are kept, an update is undone by another one.
function plainSteps(input: StepInput): DrillStep[] {
  const after = async (): Promise<void> => {
    await up(input.session, { waitSeconds: input.waitSeconds, force: false });
  };
  return [
    { event: 'update', work: () => upChanged(input, 'update'), after },
    { ...recycleStep(input), after },
  ];
}

function recycleStep(input: StepInput): DrillStep {
  const { rate, workers, target, session } = input;
  const each = (rate * RECYCLE_SECONDS) / Math.max(1, workers);
  return {
    event: 'recycle',
    before: () => upChanged(input, 'recycle', Math.max(2, Math.ceil(each))),
    work: async () => {
      const { stats } = await target.status();
      const old = new Set(stats?.workerPids);
      await until(
        target,
        session.signal,
        'not every worker was replaced',
        (now) => isWhole(now) && !now.workerPids.some((pid) => old.has(pid)),
      );
    },
  };
}

// The project as it is with one variable more in the ini: another release that does the same.
async function upChanged(
  { session, claim, waitSeconds }: StepInput,
  mark: string,
  maxRequests?: number,
): Promise<void> {
  const { loaded } = session;
  const { project } = loaded;
  const { uwsgi } = project.server;
  const variables = [uwsgi['set-placeholder'] ?? []].flat().map(String);
  const server = {
    ...project.server,
    ...(claim ? shapeOf(claim) : {}),
    ...(maxRequests ? { max_requests: maxRequests } : {}),
    uwsgi: { ...uwsgi, 'set-placeholder': [...variables, `deploykit-drill=${mark}`] },
  };
  const changed = { ...session, loaded: { ...loaded, project: { ...project, server } } };
  await up(changed, { waitSeconds, force: false });
}

function shapeOf({ topology, processes, perProcess }: ReleaseClaim): Partial<Project['server']> {
  return {
    processes,
    async: topology === 'gevent' ? perProcess : undefined,
    threads: topology === 'threads' ? perProcess : undefined,
  };
}
