import { endpointUrl } from '../endpoint.js';
import { DeploykitError, throwIfAborted } from '../errors.js';
import { refuseForeignAddress } from './address.js';
import type { BenchOptions } from './bench-options.js';
import { checkOptions } from './check-options.js';
import { checkServing } from './check-serving.js';
import { loadPhase, NO_LOADS } from './load-phase.js';
import { serviceTime } from './service-time.js';
import type { Target } from './target.js';
import type { BenchResult } from './types.js';
import { benchVerdict } from './verdict.js';
import { wavePhase } from './wave-phase.js';

const DEFAULT_TIMEOUT_MS = 30_000;

/**
 * Proves or refutes by measurement what a deployment claims: checks that it serves, measures the unloaded service
 * time, runs the wave test, then the load that was asked for: a closed loop unless another is named. A signal ends it
 * with what was measured until then, marked `partial`.
 * @throws DeploykitError DK_BENCH_ADDRESS for a foreign host, DK_BENCH_NOT_SERVING when there is no good answer,
 * DK_USAGE for a load out of bounds, DK_INTERRUPTED by a signal before anything was measured. A bad verdict is a
 * result, not an exception.
 */
export async function bench(options: BenchOptions): Promise<BenchResult> {
  const { endpoint, path, claim, signal, onEvent } = options;
  const { trusted: _, ...shown } = endpoint;
  refuseForeignAddress(endpoint, options.allowAnyHost ?? false);
  const asked = targetOf(options);
  checkOptions(options, asked);
  onEvent?.({ phase: 'check', text: `${endpointUrl(endpoint)}${path}` });
  const status = await checkServing(asked);
  // A redirect is measured as it is: the path answers, and following it would load another path.
  const target = status < 300 ? asked : { ...asked, expect: { status } };
  onEvent?.({ phase: 's0', text: 'one request at a time' });
  const service = await serviceTime(target);
  const test = () => wavePhase(options, target, service).catch(nothingIfInterrupted);
  const wave = options.wave === false ? null : await test();
  const loads = signal?.aborted ? NO_LOADS : await loadPhase(options, target, service, wave);
  const { findings, noThroughput, throughput, samples, ...others } = loads;
  options.onSamples?.({ wave: wave?.result ? wave.samples : null, load: samples });
  const notes =
    status < 300 ? [] : [`The path answers with a redirect (${status}); the redirect was measured.`];
  const evidence = { claim, s0Ms: service.s0Ms, wave, throughput, noThroughput, findings, notes };
  return marked(signal, {
    schemaVersion: 1,
    endpoint: { ...shown, url: endpointUrl(endpoint) },
    claim,
    path,
    s0Ms: service.s0Ms,
    wave: wave?.result ?? null,
    throughput,
    ...others,
    ...benchVerdict(evidence),
  });
}

function targetOf(options: BenchOptions): Target {
  const { endpoint, path, method = 'GET', headers = {}, body, signal } = options;
  const { timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  return { endpoint, path, method, headers, body, timeoutMs, signal };
}

function nothingIfInterrupted(error: unknown): null {
  if (error instanceof DeploykitError && error.code === 'DK_INTERRUPTED') return null;
  throw error;
}

/** Half a measurement proves nothing, and is not thrown away. @throws DK_INTERRUPTED when there is none. */
function marked(signal: AbortSignal | undefined, result: BenchResult): BenchResult {
  if (!signal?.aborted) return result;
  const { wave, throughput, openLoop, sweep, interference, soak } = result;
  const measured = [wave, throughput, openLoop, sweep, interference, soak].some((part) => part);
  if (!measured) throwIfAborted(signal);
  const interrupted = 'Interrupted: this is what was measured until then; it proves nothing.';
  return { ...result, partial: true, verdict: 'INCONCLUSIVE', reasons: [interrupted, ...result.reasons] };
}
