import type { Claim } from './types.js';

/** How many requests a wave test sends at once, and how many must end in each wave if the claim is true. */
export interface WaveShape {
  sent: number;
  waves: number[];
}

/**
 * K = C + m requests, m = max(2, ceil(0.1·C)) but at most half the listen queue, where they wait (bench.md §5a).
 * 2 × 100 slots: 220 sent, waves [200, 20]; 2 × 4: 10 sent, [8, 2]; 1 × 1: 3 sent, [1, 1, 1].
 */
export function waveShape({ slots, listen }: Pick<Claim, 'slots' | 'listen'>): WaveShape {
  const more = Math.max(1, Math.min(Math.max(2, Math.ceil(0.1 * slots)), Math.floor(listen / 2)));
  return { sent: slots + more, waves: expectedWaves(slots + more, slots) };
}

/** `sent` requests on `slots` slots: full waves and a rest. */
export function expectedWaves(sent: number, slots: number): number[] {
  const full = Math.floor(sent / slots);
  const rest = sent % slots;
  return [...new Array<number>(full).fill(slots), ...(rest > 0 ? [rest] : [])];
}
