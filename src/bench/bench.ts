import { endpointUrl } from '../endpoint.js';
import { throwIfAborted } from '../errors.js';
import { refuseForeignAddress } from './address.js';
import type { BenchOptions } from './bench-options.js';
import { checkServing } from './check-serving.js';
import { checkPlan } from './limits.js';
import { requestBytes } from './request-bytes.js';
import { type ServiceTime, serviceTime } from './service-time.js';
import { settle } from './settle.js';
import { closedPlan, type Target } from './target.js';
import { type Known, throughput } from './throughput.js';
import type { BenchResult } from './types.js';
import { benchVerdict, type Evidence } from './verdict.js';
import { type WavePhase, wavePhase } from './wave-phase.js';
import { leftWork } from './wave-run.js';

const DEFAULT_TIMEOUT_MS = 30_000;

/**
 * Proves or refutes by measurement what a deployment claims: checks that it serves, measures the unloaded service
 * time, runs the wave test, then the throughput run.
 * @throws DeploykitError DK_BENCH_ADDRESS for a foreign host, DK_BENCH_NOT_SERVING when there is no good answer,
 * DK_USAGE for a load out of bounds, DK_INTERRUPTED by the signal. A bad verdict is a result, not an exception.
 */
export async function bench(options: BenchOptions): Promise<BenchResult> {
  const { endpoint, path, claim, onEvent } = options;
  refuseForeignAddress(endpoint, options.allowAnyHost ?? false);
  const asked = targetOf(options);
  checkBeforehand(options, asked);
  onEvent?.({ phase: 'check', text: `${endpointUrl(endpoint)}${path}` });
  const status = await checkServing(asked);
  // A redirect is measured as it is: the path answers, and following it would load another path.
  const target = status < 300 ? asked : { ...asked, expect: { status } };
  onEvent?.({ phase: 's0', text: 'one request at a time' });
  const service = await serviceTime(target);
  throwIfAborted(options.signal);
  const wave = options.wave === false ? null : await wavePhase(options, target, service);
  throwIfAborted(options.signal);
  const load = await throughputPhase(options, target, service, wave);
  throwIfAborted(options.signal);
  const notes =
    status < 300 ? [] : [`The path answers with a redirect (${status}); the redirect was measured.`];
  return {
    schemaVersion: 1,
    endpoint: { ...endpoint, url: endpointUrl(endpoint) },
    claim,
    path,
    s0Ms: service.s0Ms,
    wave: wave?.result ?? null,
    throughput: load.throughput,
    ...benchVerdict({ claim, s0Ms: service.s0Ms, wave, ...load, notes }),
  };
}

/** What the last step would refuse is refused before the first. */
function checkBeforehand(options: BenchOptions, target: Target): void {
  const { requests = 1, concurrency = 1, durationMs = null } = options;
  const plan = closedPlan(target, { requests, concurrency, durationMs });
  checkPlan(plan);
  requestBytes(plan);
}

function targetOf(options: BenchOptions): Target {
  const { endpoint, path, method = 'GET', headers = {}, timeoutMs = DEFAULT_TIMEOUT_MS, signal } = options;
  return { endpoint, path, method, headers, timeoutMs, signal };
}

async function throughputPhase(
  options: BenchOptions,
  target: Target,
  { s0Ms }: ServiceTime,
  wave: WavePhase | null,
): Promise<Pick<Evidence, 'throughput' | 'noThroughput'>> {
  if (options.throughput === false) return { throughput: null, noThroughput: null };
  const here = wave?.result?.on === 'user-path' ? wave.result : null;
  const busy = here?.runs.at(-1);
  if (busy !== undefined && leftWork(busy) && !(await settle(target, s0Ms))) {
    const noThroughput = 'Throughput was not measured: the server was still working off the wave test.';
    return { throughput: null, noThroughput };
  }
  const refuted = here?.verdict === 'FAIL';
  const slots = refuted ? Math.max(1, here.effectiveConcurrency) : options.claim.slots;
  const known: Known = { s0Ms, slots, proven: here?.verdict === 'PASS' };
  return { throughput: await throughput(options, target, known), noThroughput: null };
}
