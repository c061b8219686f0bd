import { bench } from '../bench/bench.js';
import type { BenchEvent } from '../bench/bench-options.js';
import type { BenchResult, Claim } from '../bench/types.js';
import type { Endpoint } from '../endpoint.js';
import { notRunning, type ReleaseClaim } from '../targets/target.js';
import { runnable, type Session } from './session.js';

export interface BenchRequest {
  requests?: number;
  concurrency?: number;
  durationMs?: number;
  path?: string;
  keepAlive?: boolean;
  wave: boolean;
  throughput: boolean;
}

/** Measures what runs: the claim is that of the running release, not of today's project file. */
export async function benchDeployment(session: Session, request: BenchRequest): Promise<BenchResult> {
  const target = runnable(session);
  const status = await target.status();
  const { project } = session.loaded;
  if (!status.running || !status.endpoint || !status.claim) {
    throw notRunning(`${project.name} (target ${target.name})`);
  }
  const openVerification = async (): ReturnType<typeof target.verification> => {
    session.reporter.step('Starting a verification instance (same release, a sleeping path)');
    return target.verification();
  };
  return bench({
    endpoint: status.endpoint,
    path: request.path ?? project.bench.path,
    claim: status.claim,
    ...limits({ ...project.bench, ...request }),
    openVerification,
    signal: session.signal,
    onEvent: progressOf(session.reporter),
  });
}

/** Measures an address that deploykit does not run; the claim is what the user says it should be. */
export async function benchAddress(
  endpoint: Endpoint,
  claim: Claim,
  request: BenchRequest & { allowAnyHost: boolean },
  context: Pick<Session, 'reporter' | 'signal'>,
): Promise<BenchResult> {
  return bench({
    endpoint,
    path: request.path ?? '/',
    claim,
    ...limits(request),
    allowAnyHost: request.allowAnyHost,
    signal: context.signal,
    onEvent: progressOf(context.reporter),
  });
}

/** The claim of a shape given by flags, for an address that deploykit does not run. */
export function claimOfShape(shape: { processes?: number; async?: number; threads?: number }): ReleaseClaim {
  const processes = shape.processes ?? 1;
  const perProcess = shape.async ?? shape.threads ?? 1;
  const topology = shape.async ? 'gevent' : perProcess > 1 ? 'threads' : 'sync';
  // uWSGI's and most servers' default; it bounds the burst of the wave test.
  return { topology, processes, perProcess, slots: processes * perProcess, listen: 100 };
}

function limits(
  request: { [key in keyof BenchRequest]?: BenchRequest[key] | undefined },
): Partial<BenchRequest> {
  const { requests, concurrency, durationMs, keepAlive, wave, throughput } = request;
  const given = Object.entries({ requests, concurrency, durationMs, keepAlive, wave, throughput });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

const PHASES: Record<BenchEvent['phase'], string> = {
  check: 'Checking that it serves',
  s0: 'Measuring one request at a time',
  wave: 'Wave test: more requests at once than slots',
  throughput: 'Throughput: a closed loop',
};

/** Shows the events of a bench: a step a phase, the newest event under it. */
function progressOf(reporter: Session['reporter']): (event: BenchEvent) => void {
  let phase: BenchEvent['phase'] | undefined;
  return (event) => {
    if (event.phase !== phase) reporter.step(PHASES[event.phase]);
    phase = event.phase;
    reporter.detail(event.total ? `${event.text}: ${event.done ?? 0} of ${event.total}` : event.text);
  };
}
