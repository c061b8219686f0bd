import type { Samples } from '../../bench/types.js';
import type { WaveSample } from './types.js';

/** The good answers of a wave's load, as the wave plot draws them. */
export function waveSamplesOf({ startMs, connectMs, totalMs, ok }: Samples): WaveSample[] {
  return Array.from(ok, (good, i) => ({
    good: good === 1,
    startMs: startMs[i] ?? 0,
    connectMs: connectMs[i] ?? Number.NaN,
    totalMs: totalMs[i] ?? 0,
  }))
    .filter(({ good }) => good)
    .map(({ good: _, ...sample }) => sample);
}
