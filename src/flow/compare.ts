import { compare } from '../bench/compare/compare.js';
import type { CompareResult, MeasureBlock } from '../bench/compare/types.js';
import { runLoad } from '../bench/run-load.js';
import { closedPlan, type Target as LoadTarget } from '../bench/target.js';
import type { Endpoint } from '../endpoint.js';
import { DeploykitError } from '../errors.js';
import type { Plan, Topology } from '../plan/types.js';
import type { Project } from '../project/types.js';
import { notRunning, type ReleaseClaim } from '../targets/target.js';
import { planSession, runnable, type Session } from './session.js';

const MOST_CLIENTS = 64;
const TIMEOUT_MS = 30_000;
// Long enough for several waves of a slow handler, short enough for eleven pairs.
const BLOCK_MS = { least: 2000, services: 3, most: 10_000 };

/**
 * The running release against the same release in another shape, the two loaded in turn, one at a time. `threads` has
 * as many threads as there are greenlets: the same slots.
 * @throws DeploykitError DK_NOT_RUNNING, DK_USAGE (the shape it already has), DK_APP_*, DK_SERVER_FAILED.
 */
export async function compareShapes(
  session: Session,
  versus: Topology,
  request: { path?: string | undefined; concurrency?: number | undefined; theta?: number | undefined },
): Promise<CompareResult> {
  const target = runnable(session);
  const status = await target.status();
  const { project } = session.loaded;
  if (!status.running || !status.endpoint || !status.claim) throw notRunning(project.name);
  if (status.claim.topology === versus) {
    throw new DeploykitError('DK_USAGE', `--vs ${versus}: that is what runs`, {
      hint: 'Compare with another shape, or up with another one first.',
    });
  }
  const { plan, ini } = await otherShape(session, status.claim, versus);
  session.reporter.step(`Starting the same release as ${versus} beside the running one`);
  const other = await target.beside(plan, ini);
  const access = await target.reach?.(status.endpoint);
  try {
    const { path = project.bench.path, concurrency = Math.min(status.claim.slots, MOST_CLIENTS) } = request;
    const block = (label: string, endpoint: Endpoint): MeasureBlock =>
      loadBlock(session, { label, endpoint, path, concurrency });
    session.reporter.step(`Comparing: ${concurrency} clients on one and the other in turn`);
    return await compare(
      block(versus, other.endpoint),
      block(status.claim.topology, access?.endpoint ?? status.endpoint),
      {
        signal: session.signal,
        ...(request.theta === undefined ? {} : { theta: request.theta }),
        onBlock: ({ label, pair, requestsPerSecond }) =>
          session.reporter.detail(`pair ${pair}: ${label} ${requestsPerSecond.toFixed(1)} requests/s`),
      },
    );
  } finally {
    await access?.close();
    await other.close();
  }
}

async function otherShape(
  session: Session,
  claim: ReleaseClaim,
  versus: Topology,
): Promise<{ plan: Plan; ini: string }> {
  const { project } = session.loaded;
  const { async: _a, threads: _t, ...server } = project.server;
  const many = Math.max(2, claim.perProcess);
  const shape = versus === 'gevent' ? { async: many } : versus === 'threads' ? { threads: many } : {};
  const changed: Project = { ...project, server: { ...server, ...shape, processes: claim.processes } };
  const { plan, artefacts } = await planSession({
    ...session,
    loaded: { ...session.loaded, project: changed },
  });
  return { plan, ini: artefacts.find((file) => file.path === 'uwsgi.ini')?.contents ?? '' };
}

function loadBlock(
  { signal }: Session,
  {
    label,
    endpoint,
    path,
    concurrency,
  }: { label: string; endpoint: Endpoint; path: string; concurrency: number },
): MeasureBlock {
  const target: LoadTarget = {
    endpoint,
    path,
    method: 'GET',
    headers: {},
    timeoutMs: TIMEOUT_MS,
    signal,
  };
  let blockMs = BLOCK_MS.least;
  return {
    label,
    warm: async () => {
      const once = await runLoad(
        closedPlan(target, { requests: 2 * concurrency, concurrency, durationMs: null }),
        { signal },
      );
      const service = once.latency?.p50 ?? once.latency?.mean ?? 0;
      blockMs = Math.min(BLOCK_MS.most, Math.max(BLOCK_MS.least, BLOCK_MS.services * service));
    },
    measure: () =>
      runLoad(closedPlan(target, { requests: null, concurrency, durationMs: blockMs }), { signal }),
  };
}
