import { setTimeout as pause } from 'node:timers/promises';
import type { Project } from '../../project/types.js';
import type { ReleaseClaim, ReleaseTarget, Target } from '../../targets/target.js';
import type { Session } from '../session.js';
import { up } from '../up.js';

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

// Long enough for each worker to be replaced several times.
const RECYCLE_SECONDS = 10;
const RECYCLES = 4;

/** The events a target can do, in order; after the last one the release serves that served before. */
export function stepsOf(input: StepInput): DrillStep[] {
  const { target } = input;
  const disturbances = target.disturbances.map(
    (event): DrillStep => ({ event, recovers: true, work: () => target.disturb(event) }),
  );
  const changes = 'rollback' in target ? releaseSteps(input, target as ReleaseTarget) : [updateStep(input)];
  return [...changes, ...disturbances];
}

function releaseSteps(input: StepInput, target: ReleaseTarget): DrillStep[] {
  const { session, release, rate, workers, waitSeconds } = input;
  const rollback = async (): Promise<void> => {
    await target.rollback(release, { waitSeconds });
  };
  const each = (rate * RECYCLE_SECONDS) / Math.max(1, workers);
  const maxRequests = Math.max(2, Math.ceil(each / RECYCLES));
  return [
    { event: 'update', work: () => upChanged(input, 'update') },
    { event: 'rollback', work: rollback },
    { event: 'reload', work: () => target.reload({ waitSeconds }) },
    {
      event: 'recycle',
      before: () => upChanged(input, 'recycle', maxRequests),
      work: () => pause(RECYCLE_SECONDS * 1000, undefined, { signal: session.signal }),
      after: rollback,
    },
  ];
}

// Where no releases are kept, an update is undone by another one.
function updateStep(input: StepInput): DrillStep {
  const after = async (): Promise<void> => {
    await up(input.session, { waitSeconds: input.waitSeconds, force: false });
  };
  return { event: 'update', work: () => upChanged(input, 'update'), after };
}

// The project as it is with one variable more: another release that does the same.
async function upChanged(
  { session, claim, waitSeconds }: StepInput,
  mark: string,
  maxRequests?: number,
): Promise<void> {
  const { loaded } = session;
  const { project } = loaded;
  const app = { ...project.app, env: { ...project.app.env, DEPLOYKIT_DRILL: mark } };
  const server = {
    ...project.server,
    ...(claim ? shapeOf(claim) : {}),
    ...(maxRequests ? { max_requests: maxRequests } : {}),
  };
  const changed = { ...session, loaded: { ...loaded, project: { ...project, app, server } } };
  await up(changed, { waitSeconds, force: false });
}

function shapeOf({ topology, processes, perProcess }: ReleaseClaim): Partial<Project['server']> {
  return {
    processes,
    async: topology === 'gevent' ? perProcess : undefined,
    threads: topology === 'threads' ? perProcess : undefined,
  };
}
