import type { BenchOptions } from './bench-options.js';
import type { Finding } from './finding.js';
import { interference } from './interference.js';
import { loadFindings } from './load-findings.js';
import { openLoop } from './open-loop.js';
import { openLoopFindings } from './open-loop-words.js';
import type { ServiceTime } from './service-time.js';
import { settle } from './settle.js';
import { soak } from './soak.js';
import { soakFindings } from './soak-words.js';
import { sweep } from './sweep.js';
import type { Target } from './target.js';
import { type Known, throughput } from './throughput.js';
import type { BenchResult, Samples, SweepResult, VerdictWord } from './types.js';
import type { WavePhase } from './wave-phase.js';
import { leftWork } from './wave-run.js';

/** The load after the wave test; exactly one was run, or none. */
export interface Loads
  extends Pick<BenchResult, 'throughput' | 'openLoop' | 'sweep' | 'interference' | 'soak'> {
  /** Why there is none although it was asked for. */
  noThroughput: string | null;
  /** Of the loads that are not the closed loop, whose findings the verdict makes itself. */
  findings: Finding[];
  /** Of a closed or an open loop. */
  samples: Samples | null;
}

export const NO_LOADS: Loads = { throughput: null, noThroughput: null, findings: [], samples: null };

/** Runs the load that was asked for, once the server has worked off what the wave test left. */
export async function loadPhase(
  options: BenchOptions,
  target: Target,
  { s0Ms }: ServiceTime,
  wave: WavePhase | null,
): Promise<Loads> {
  const named = options.rate !== undefined || options.sweep || options.withPath || options.soakMs;
  if (!named && options.throughput === false) return NO_LOADS;
  const here = wave?.result?.on === 'user-path' ? wave.result : null;
  const busy = here?.runs.at(-1);
  if (busy !== undefined && leftWork(busy) && !(await settle(target, s0Ms))) {
    const noThroughput = 'Throughput was not measured: the server was still working off the wave test.';
    return { ...NO_LOADS, noThroughput };
  }
  if (named) return await namedLoad(options, target, s0Ms);
  const refuted = here?.verdict === 'FAIL';
  const slots = refuted ? Math.max(1, here.effectiveConcurrency) : options.claim.slots;
  const known: Known = { s0Ms, slots, proven: here?.verdict === 'PASS' };
  const measured = await throughput(options, target, known);
  return measured.result.requests > 0
    ? { ...NO_LOADS, throughput: measured.result, samples: measured.samples }
    : NO_LOADS;
}

async function namedLoad(options: BenchOptions, target: Target, s0Ms: number): Promise<Loads> {
  const { rate, soakMs, withPath } = options;
  if (soakMs !== undefined) {
    const result = await soak({ ...options, soakMs }, target);
    return { ...NO_LOADS, soak: result, findings: soakFindings(result) };
  }
  if (withPath !== undefined) return await besideLoad({ ...options, withPath }, target);
  if (rate !== undefined) {
    const { result, samples } = await openLoop({ ...options, rate }, target);
    return { ...NO_LOADS, openLoop: result, findings: openLoopFindings(result), samples };
  }
  const run = await sweep(options, target, s0Ms);
  return run === null ? NO_LOADS : { ...NO_LOADS, sweep: run.result, findings: sweepFindings(run) };
}

async function besideLoad(options: BenchOptions & { withPath: string }, target: Target): Promise<Loads> {
  const result = await interference(options, target);
  const sent = (result.together.latency?.n ?? 0) + 1;
  const { errors } = result.together;
  const findings: Finding[] = loadFindings({ sent, errors, health: result.health });
  findings.push({ verdict: 'PASS', text: result.explanation });
  return { ...NO_LOADS, interference: result, findings };
}

const WORTH: Record<SweepResult['limitedBy'], VerdictWord> = {
  slots: 'PASS',
  cpu: 'PASS',
  'something-else': 'FAIL',
  'not-reached': 'INCONCLUSIVE',
};

function sweepFindings({ result, health, sent }: NonNullable<Awaited<ReturnType<typeof sweep>>>): Finding[] {
  const errors: SweepResult['points'][number]['errors'] = {};
  for (const point of result.points) {
    for (const [name, count] of Object.entries(point.errors) as [keyof typeof errors, number][]) {
      errors[name] = (errors[name] ?? 0) + count;
    }
  }
  const own: Finding = { verdict: WORTH[result.limitedBy], text: result.explanation };
  return [...loadFindings({ sent, errors, health }), own];
}
