import { compare } from '../bench/compare/compare.js';
import { crowd } from '../bench/compare/crowd.js';
import { sideOf } from '../bench/compare/side.js';
import type { BlockLoad, ComparedSide, CompareResult, MeasureBlock } from '../bench/compare/types.js';
import type { Target as LoadTarget } from '../bench/target.js';
import type { BenchResult } from '../bench/types.js';
import { DeploykitError } from '../errors.js';
import { type BenchRequest, benchSide, requestFor } from './bench-side.js';
import { blockLoad, loadBlock } from './load-block.js';
import type { SavedBench } from './saved-bench.js';
import type { Session } from './session.js';
import { openSide, type Side } from './side.js';
import type { Versus } from './versus.js';

/** Several deployments measured alike, each compared with the one that runs. */
export interface Comparison {
  comparisons: CompareResult[];
  /** What it was compared with, in the order given, then what runs. */
  sides: ComparedSide[];
  /** What ended it before the last, e.g. a side that did not start. */
  failure?: DeploykitError;
}

interface Running {
  session: Session;
  side: Side;
  bench: BenchResult;
  request: BenchRequest;
  /** The ratio asked for. */
  theta: number | undefined;
}

const TIMEOUT_MS = 30_000;
const CROWD = 20;
// A crowd on a server that goes on serving must be worked off soon.
const WORKED_OFF_MS = 15_000;

/**
 * Compares what runs with each of the others: measures it as the running one was measured, loads the two in turn, one
 * at a time, and stops it. A signal or a side that fails ends it with what was complete until then.
 */
export async function compareEach(
  running: Running,
  versus: readonly (Exclude<Versus, { kind: 'saved' }> | SavedBench)[],
): Promise<Comparison> {
  const done: Comparison = { comparisons: [], sides: [] };
  try {
    for (const other of versus) {
      if (other.kind === 'saved') await compareSaved(running, other, done);
      else await compareLive(running, other, done);
    }
    done.sides.push(await completed(running.side, running.bench, running, true));
  } catch (error) {
    if (!(error instanceof DeploykitError)) throw error;
    if (error.code !== 'DK_INTERRUPTED') done.failure = error;
  }
  return done;
}

async function compareLive(
  running: Running,
  versus: Exclude<Versus, { kind: 'saved' }>,
  done: Comparison,
): Promise<void> {
  const { session, request } = running;
  const other = await openSide(session, running.side.claim, versus);
  try {
    const bench = await benchSide(session, other, closedOnly(request));
    const load = blockLoad(requestFor(session, request), [running.bench, bench]);
    const result = await turns(running, load, blockOf(other, running, load));
    done.comparisons.push(result);
    done.sides.push(await completed(other, bench, running, false));
  } finally {
    await other.close();
  }
}

async function compareSaved(running: Running, saved: SavedBench, done: Comparison): Promise<void> {
  done.comparisons.push(await turns(running, saved.load, saved.block, saved.doubts));
  done.sides.push(saved.side);
}

function turns(
  running: Running,
  load: BlockLoad,
  base: Parameters<typeof compare>[0],
  doubts?: readonly string[],
): Promise<CompareResult> {
  const { session, side, theta } = running;
  session.reporter.step(`Comparing ${side.label} with ${base.label}: ${load.concurrency} clients, in turn`);
  return compare(base, blockOf(side, running, load), {
    signal: session.signal,
    ...(theta === undefined ? {} : { theta }),
    ...(doubts === undefined ? {} : { doubts }),
    load,
    onBlock: ({ label, pair, requestsPerSecond }) =>
      session.reporter.detail(`pair ${pair}: ${label} ${requestsPerSecond.toFixed(1)} requests/s`),
  });
}

function blockOf(side: Side, running: Running, load: BlockLoad): MeasureBlock {
  return loadBlock(side.label, loadTarget(side, running), load);
}

function loadTarget({ endpoint }: Side, { session, request, bench }: Running): LoadTarget {
  const { method = 'GET', headers = {}, body } = request;
  return { endpoint, path: bench.path, method, headers, body, timeoutMs: TIMEOUT_MS, signal: session.signal };
}

/** Other loads than the closed loop are for what runs alone. */
function closedOnly(request: BenchRequest): BenchRequest {
  const { rate, sweep, withPath, soakMs, ...closed } = request;
  const named = [rate, sweep, withPath, soakMs].some((given) => given !== undefined);
  return named ? { ...closed, throughput: false } : closed;
}

/** A side with what is measured last: the crowd, and the memory after all loads. */
async function completed(
  side: Side,
  bench: BenchResult,
  running: Running,
  goesOn: boolean,
): Promise<ComparedSide> {
  const { session } = running;
  const { concurrency, keepAlive = false, throughput } = requestFor(session, running.request);
  const clients = (concurrency ?? 0) * CROWD;
  const workedOffMs = (clients * bench.s0Ms) / side.claim.slots;
  const fitting = clients > 0 && throughput !== false && (!goesOn || workedOffMs <= WORKED_OFF_MS);
  if (fitting) session.reporter.step(`A crowd: ${clients} clients on ${side.label}`);
  const many = fitting
    ? await crowd(loadTarget(side, running), { concurrency: clients, s0Ms: bench.s0Ms, keepAlive })
    : null;
  return { ...sideOf(side.label, bench), crowd: many, memory: await side.memory() };
}
