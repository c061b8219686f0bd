import { DeploykitError } from '../errors.js';
import type { BenchOptions, Verification } from './bench-options.js';
import { type ServiceTime, serviceTime } from './service-time.js';
import type { Target } from './target.js';
import type { Samples, WaveResult, WaveRun } from './types.js';
import { waveTest } from './wave.js';
import type { WaveOptions } from './wave-options.js';
import { unfitForWave, verificationSleepMs } from './wave-place.js';
import { decisiveRun } from './wave-verdict.js';

/** The wave test with the samples of its decisive run, or why there is none. */
export type WavePhase = { result: WaveResult; samples: Samples | null } | { result: null; why: string };

/** Runs the wave test on the user's path where that is fit for it, else on a verification instance. */
export async function wavePhase(
  options: BenchOptions,
  target: Target,
  service: ServiceTime,
): Promise<WavePhase> {
  const steady = await steadiest(options, target, service);
  const route = options.endpoint.route.kind;
  const unfit = unfitForWave(steady, options.claim, route);
  if (unfit === null) {
    const why = `the path itself is fit for it: ${Math.round(steady.s0Ms)} ms, steady`;
    return await run(options, { target, on: 'user-path', why, service: steady });
  }
  if (options.openVerification === undefined) {
    return {
      result: null,
      why: `No wave test: ${unfit}, and there is no verification instance to ask instead.`,
    };
  }
  const verification = await open(options.openVerification);
  if (verification instanceof DeploykitError) {
    return {
      result: null,
      why: `No wave test: the verification instance did not start: ${verification.message}.`,
    };
  }
  try {
    const nominalMs = verificationSleepMs(options.claim, route);
    const path = verification.path(nominalMs);
    const asked: Target = { ...plain(target), endpoint: verification.endpoint, path };
    const alone = await serviceTime(asked);
    return await run(options, {
      target: asked,
      on: 'verification-instance',
      why: unfit,
      service: alone,
      nominalMs,
    });
  } finally {
    await verification.close();
  }
}

/** A busy moment of the machine must not decide where the test runs: a slow enough path is measured twice. */
async function steadiest(
  { claim, endpoint }: BenchOptions,
  target: Target,
  service: ServiceTime,
): Promise<ServiceTime> {
  const route = endpoint.route.kind;
  const onlyUnsteady =
    unfitForWave(service, claim, route) !== null &&
    unfitForWave({ ...service, spread: 0 }, claim, route) === null;
  return onlyUnsteady ? await serviceTime(target) : service;
}

async function run(
  options: BenchOptions,
  place: Pick<WaveOptions, 'target' | 'on' | 'why' | 'service' | 'nominalMs'>,
): Promise<WavePhase> {
  const { claim, repeats, onEvent } = options;
  const onRun = (text: string, done: number, total: number) =>
    onEvent?.({ phase: 'wave', text, done, total });
  const fired = new Map<WaveRun, Samples>();
  const onSamples = (one: WaveRun, samples: Samples) => void fired.set(one, samples);
  const result = await waveTest({ ...place, claim, repeats, onRun, onSamples });
  const decisive = decisiveRun(result.runs, result.verdict);
  return { result, samples: (decisive && fired.get(decisive)) ?? null };
}

/** The verification path is a plain GET that answers 200. */
function plain({ timeoutMs, signal }: Target): Omit<Target, 'endpoint' | 'path'> {
  return { method: 'GET', headers: {}, timeoutMs, signal };
}

async function open(openVerification: () => Promise<Verification>): Promise<Verification | DeploykitError> {
  try {
    return await openVerification();
  } catch (error) {
    if (error instanceof DeploykitError && error.code !== 'DK_INTERRUPTED') return error;
    throw error;
  }
}
