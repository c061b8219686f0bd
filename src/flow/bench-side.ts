import { bench } from '../bench/bench.js';
import type { BenchEvent, BenchOptions, Verification } from '../bench/bench-options.js';
import type { BenchResult } from '../bench/types.js';
import { sleepPath } from '../targets/target.js';
import type { Session } from './session.js';
import type { Side } from './side.js';

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

/** Measures one side: that it serves, its slots, and the load that was asked for. @throws DeploykitError as bench. */
export async function benchSide(
  session: Session,
  side: Side,
  request: BenchRequest,
  onSamples?: BenchOptions['onSamples'],
): Promise<BenchResult> {
  const { reporter, signal, loaded } = session;
  const openVerification = async (): Promise<Verification> => {
    reporter.step('Starting a verification instance (same release, a sleeping path)');
    return { ...(await side.openSleeping()), path: sleepPath };
  };
  return bench({
    ...requestFor(session, request),
    endpoint: side.endpoint,
    path: request.path ?? loaded.project.bench.path,
    claim: side.claim,
    openVerification,
    memory: () => side.memory(),
    signal,
    onEvent: progressOf(reporter),
    onSamples,
  });
}

/** With the project's settings; its number of requests is for the closed loop: a load that ends by time has none. */
export function requestFor({ loaded }: Session, request: BenchRequest): BenchRequest {
  const { requests, concurrency } = loaded.project.bench;
  const { rate, sweep, withPath, soakMs, durationMs } = request;
  const byTime = [rate, sweep, withPath, soakMs, durationMs].some((given) => given !== undefined);
  return { ...(byTime ? {} : { requests }), concurrency, ...request };
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
export function progressOf(reporter: Session['reporter']): (event: BenchEvent) => void {
  let phase: BenchEvent['phase'] | undefined;
  return (event) => {
    if (event.phase !== phase) reporter.step(PHASES[event.phase]);
    phase = event.phase;
    reporter.detail(event.total ? `${event.text}: ${event.done ?? 0} of ${event.total}` : event.text);
  };
}
