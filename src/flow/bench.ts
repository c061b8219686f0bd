import { bench } from '../bench/bench.js';
import type { BenchSamples } from '../bench/bench-options.js';
import type { ComparedSide, CompareResult } from '../bench/compare/types.js';
import type { CrossCheckResult, CrossTool } from '../bench/cross-check/types.js';
import type { BenchResult, Claim } from '../bench/types.js';
import type { Endpoint } from '../endpoint.js';
import { DeploykitError } from '../errors.js';
import type { ReleaseClaim } from '../targets/target.js';
import { type BenchRequest, benchSide, progressOf } from './bench-side.js';
import { compareEach } from './compare.js';
import { checkCrossTool, crossCheck } from './cross-check.js';
import { blockingSentence, findBlocking, hubIsBlocked } from './find-blocking.js';
import { readSaved } from './saved-bench.js';
import type { Session } from './session.js';
import { refuse, runningSide } from './side.js';
import type { Versus } from './versus.js';

interface CompareRequest {
  versus: readonly Versus[];
  /** The ratio asked for. */
  theta?: number | undefined;
  /** Another tool that repeats the closed loop. */
  crossTool?: CrossTool | undefined;
  onSamples?: ((samples: BenchSamples) => void) | undefined;
}

/** What was measured of a deployment; comparisons and sides are empty when none was asked for. */
export interface Measured {
  bench: BenchResult;
  comparisons: CompareResult[];
  sides: ComparedSide[];
  crossCheck?: CrossCheckResult;
  /** What ended the comparisons early. */
  failure?: DeploykitError;
}

/**
 * Measures what runs, then compares it with everything named: the claim is that of the running release, not of today's
 * project file. What cannot be compared is refused before the first load.
 */
export async function benchDeployment(
  session: Session,
  request: BenchRequest,
  { versus, theta, crossTool, onSamples }: CompareRequest,
): Promise<Measured> {
  const kinds = new Set(versus.map(({ kind }) => kind));
  const side = await runningSide(session, kinds);
  try {
    for (const one of versus) await refuse(session, side.claim, one);
    const others = await Promise.all(
      versus.map((one) => (one.kind === 'saved' ? readSaved(session, one, side, request) : one)),
    );
    if (crossTool) await checkCrossTool(crossTool, request, side.endpoint);
    const result = await watched(session, request, await benchSide(session, side, request, onSamples));
    const alone = { bench: result, comparisons: [], sides: [] };
    if (result.partial) return alone;
    const check = crossTool ? await crossCheck(crossTool, result, side.endpoint, session) : null;
    const checked = { ...alone, ...(check ? { crossCheck: check } : {}) };
    if (others.length === 0) return checked;
    return { ...checked, ...(await compareEach({ session, side, bench: result, request, theta }, others)) };
  } finally {
    await side.close();
  }
}

// A verdict that blames the handler is worth more with the line.
async function watched(session: Session, request: BenchRequest, result: BenchResult): Promise<BenchResult> {
  if (result.partial || !hubIsBlocked(result)) return result;
  try {
    const blocking = await findBlocking(session, result, request);
    return { ...result, blocking, reasons: [...result.reasons, blockingSentence(blocking)] };
  } catch (error) {
    // The verdict stands without the line.
    if (!(error instanceof DeploykitError) || error.code === 'DK_INTERRUPTED') throw error;
    session.reporter.warn(`What blocks the hub could not be looked for: ${error.message}`);
    return result;
  }
}

/** Measures an address that deploykit does not run; the claim is what the user says it should be. */
export async function benchAddress(
  endpoint: Endpoint,
  claim: Claim,
  request: BenchRequest & { allowAnyHost: boolean },
  context: Pick<Session, 'reporter' | 'signal'> & Pick<CompareRequest, 'crossTool' | 'onSamples'>,
): Promise<Measured> {
  const { crossTool } = context;
  if (crossTool) await checkCrossTool(crossTool, request, endpoint);
  const result = await bench({
    ...request,
    endpoint,
    path: request.path ?? '/',
    claim,
    signal: context.signal,
    onEvent: progressOf(context.reporter),
    onSamples: context.onSamples,
  });
  const check = crossTool && !result.partial ? await crossCheck(crossTool, result, endpoint, context) : null;
  return { bench: result, comparisons: [], sides: [], ...(check ? { crossCheck: check } : {}) };
}

/** The claim of a shape given by flags, for an address that deploykit does not run. */
export function claimOfShape(shape: { processes?: number; async?: number; threads?: number }): ReleaseClaim {
  const processes = shape.processes ?? 1;
  const perProcess = shape.async ?? shape.threads ?? 1;
  const topology = shape.async ? 'gevent' : perProcess > 1 ? 'threads' : 'sync';
  // uWSGI's and most servers' default; it bounds the burst of the wave test.
  return { topology, processes, perProcess, slots: processes * perProcess, listen: 100 };
}
