import { runLoad } from './run-load.js';
import { type Target, wavePlan } from './target.js';
import type { LoadResult, Samples, WaveRun } from './types.js';
import { judgeWave } from './wave-judge.js';
import { expectedWaves } from './wave-shape.js';

// Enough to see three waves to their end; a server that needs more has not the slots, and waiting for the rest
// would take K·S0/C1 seconds.
const WAVES_WAITED = 3.5;

/** One wave as it is judged, and what it is judged by. */
interface FiredWave {
  run: WaveRun;
  samples: Samples;
}

/** Fires `sent` requests at once and counts how many end in each wave: wave_i = max(1, round(total_i / S0)). */
export async function waveRun(target: Target, s0Ms: number, sent: number, slots: number): Promise<FiredWave> {
  const result = await runLoad(wavePlan(target, sent, WAVES_WAITED * s0Ms), { signal: target.signal });
  return { run: readWave(result, s0Ms, slots), samples: result.samples };
}

/** True when the server left some of the requests unanswered: it still works on them. */
export function leftWork(run: WaveRun): boolean {
  return (run.errors.aborted_at_deadline ?? 0) > 0;
}

function readWave(result: LoadResult, s0Ms: number, slots: number): WaveRun {
  const { samples, errors, makespanMs, sent, health } = result;
  const inWaves = [...samples.totalMs].filter((_, i) => samples.ok[i] === 1).map((total) => total / s0Ms);
  const connects = samples.connectMs.filter((value) => !Number.isNaN(value));
  const measured = {
    sent,
    waves: countWaves(inWaves),
    errors,
    maxConnectMs: connects.reduce((max, value) => Math.max(max, value), 0),
    connectedInTime: connects.filter((value) => value < s0Ms / 2).length,
    makespanMs,
  };
  const evidence = {
    health,
    s0Ms,
    slots,
    expected: expectedWaves(sent, slots),
    betweenWaves: betweenWaves(inWaves),
  };
  return { ...measured, ...judgeWave(measured, evidence) };
}

function countWaves(inWaves: number[]): number[] {
  const waves: number[] = [];
  for (const time of inWaves) {
    const wave = Math.max(1, Math.round(time));
    while (waves.length < wave) waves.push(0);
    waves[wave - 1] = (waves[wave - 1] ?? 0) + 1;
  }
  return waves;
}

/** Answers so near the border of two waves that the count could be another one. */
function betweenWaves(inWaves: number[]): number {
  return inWaves.filter((time) => time > 1 && Math.abs(time - Math.round(time)) > 0.4).length;
}
