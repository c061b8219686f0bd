import { checkServing } from '../../bench/check-serving.js';
import type { DrillCount } from '../../bench/drill/drill-count.js';
import { type DrillLoad, loadDuring } from '../../bench/drill/load-during.js';
import type { Endpoint } from '../../endpoint.js';
import { DeploykitError, throwIfAborted } from '../../errors.js';
import { notRunning, type Target } from '../../targets/target.js';
import { runnable, type Session } from '../session.js';
import { type DrillStep, stepsOf } from './steps.js';
import { isWhole, until } from './until.js';

/** How a drill loads and what it does. */
export interface DrillRequest {
  /** Requests a second. */
  rate: number;
  path?: string | undefined;
  keepAlive: boolean;
  /** Names of events; all that the target can when absent. */
  events?: readonly string[] | undefined;
  waitSeconds: number;
}

/** One event of a drill and what became of the requests meanwhile. */
export interface DrillEvent extends DrillCount {
  event: string;
  /** Why the event itself did not work, or null. */
  problem: string | null;
  /** What of a loss is in the nature of the event, and what avoids it; null when nothing was lost. */
  nature: string | null;
}

const MARGIN_MS = 1000;
const REQUEST_LIMIT_MS = 60_000;

/**
 * Does to a deployment what will happen to it, an update, a rollback, a reload, a crash, while requests keep coming at a
 * fixed rate, and counts for each event what became of them. At the end the release serves that served before.
 * @throws DeploykitError DK_NOT_RUNNING, DK_BENCH_NOT_SERVING, DK_USAGE for an event the target cannot do.
 */
export async function drill(session: Session, request: DrillRequest): Promise<DrillEvent[]> {
  const target = runnable(session);
  const { endpoint, running, release, stats, claim } = await target.status();
  if (!running || !endpoint || !release) throw notRunning(session.loaded.project.name);
  const { rate, waitSeconds } = request;
  const workers = stats?.workers ?? 1;
  const steps = chosen(
    stepsOf({ session, target, release, claim, rate, workers, waitSeconds }),
    request.events,
  );
  const access = await target.reach?.(endpoint);
  try {
    const load = loadOf(session, request, access?.endpoint ?? endpoint);
    await checkServing(load.target);
    const events: DrillEvent[] = [];
    for (const step of steps) events.push(await perform(session, target, load, step));
    return events;
  } finally {
    await access?.close();
  }
}

function loadOf({ loaded, signal }: Session, request: DrillRequest, endpoint: Endpoint): DrillLoad {
  const path = request.path ?? loaded.project.bench.path;
  const headers = {};
  const target = { endpoint, path, method: 'GET', headers, timeoutMs: REQUEST_LIMIT_MS, signal };
  return { target, rate: request.rate, keepAlive: request.keepAlive, marginMs: MARGIN_MS };
}

async function perform(
  { reporter, signal }: Session,
  target: Target,
  load: DrillLoad,
  step: DrillStep,
): Promise<DrillEvent> {
  throwIfAborted(signal);
  await step.before?.();
  reporter.step(`Drill: ${step.event}`);
  const { count, outcome } = await loadDuring(load, async () => {
    await step.work();
    if (step.recovers) await until(target, signal, 'the server did not come back', isWhole);
  });
  throwIfAborted(signal);
  await step.after?.();
  const problem = 'error' in outcome ? (outcome.error as Error).message : null;
  const nature = count.failed > 0 ? (step.nature ?? null) : null;
  return { event: step.event, ...count, problem, nature };
}

function chosen(steps: DrillStep[], events: readonly string[] | undefined): DrillStep[] {
  if (!events) return steps;
  const known = steps.map(({ event }) => event);
  const unknown = events.find((event) => !known.includes(event));
  if (unknown === undefined) return steps.filter((step) => events.includes(step.event));
  throw new DeploykitError('DK_USAGE', `this target has no event "${unknown}" for a drill`, {
    hint: `It has: ${known.join(', ')}.`,
  });
}
