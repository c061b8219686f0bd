import { bench } from '../bench/bench.js';
import type { BenchEvent, BenchOptions } from '../bench/bench-options.js';
import type { BenchResult, Claim } from '../bench/types.js';
import type { Endpoint } from '../endpoint.js';
import { treeMemory } from '../host/tree-memory.js';
import { notRunning, type ReleaseClaim } from '../targets/target.js';
import { runnable, type Session } from './session.js';

type Asked =
  | 'requests'
  | 'concurrency'
  | 'durationMs'
  | 'path'
  | 'keepAlive'
  | 'method'
  | 'headers'
  | 'body'
  | 'rate'
  | 'sweep'
  | 'withPath'
  | 'soakMs'
  | 'workers'
  | 'wave'
  | 'throughput';

/** What the user asks for, with flags or in the project file; the meanings are those of BenchOptions. */
export type BenchRequest = Partial<Pick<BenchOptions, Asked>>;

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
  const access = await target.reach?.(status.endpoint);
  try {
    return await bench({
      ...load(project.bench, request),
      endpoint: access?.endpoint ?? status.endpoint,
      path: request.path ?? project.bench.path,
      claim: status.claim,
      openVerification,
      // The master process of a server on this machine; elsewhere its memory is out of reach.
      memory: target.kind === 'process' ? () => treeMemory(Number(status.id)) : undefined,
      signal: session.signal,
      onEvent: progressOf(session.reporter),
    });
  } finally {
    await access?.close();
  }
}

/** Measures an address that deploykit does not run; the claim is what the user says it should be. */
export async function benchAddress(
  endpoint: Endpoint,
  claim: Claim,
  request: BenchRequest & { allowAnyHost: boolean },
  context: Pick<Session, 'reporter' | 'signal'>,
): Promise<BenchResult> {
  return bench({
    ...request,
    endpoint,
    path: request.path ?? '/',
    claim,
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

/** The project's number of requests is for the closed loop; a load that ends by time has none. */
function load(
  project: { requests?: number | undefined; concurrency?: number | undefined },
  request: BenchRequest,
): BenchRequest {
  const { rate, sweep, withPath, soakMs, durationMs } = request;
  const byTime = [rate, sweep, withPath, soakMs, durationMs].some((given) => given !== undefined);
  return { ...(byTime ? {} : { requests: project.requests }), concurrency: project.concurrency, ...request };
}

const PHASES: Record<BenchEvent['phase'], string> = {
  check: 'Checking that it serves',
  s0: 'Measuring one request at a time',
  wave: 'Wave test: more requests at once than slots',
  throughput: 'Throughput: a closed loop',
  'open-loop': 'Open loop: requests at a fixed rate',
  sweep: 'Sweep: throughput over concurrency',
  interference: 'Interference: one path while another is loaded',
  soak: 'Soak: latency and memory over time',
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
