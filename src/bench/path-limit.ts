import type { Claim, ThroughputResult } from './types.js';

/** What holds the user's path below its slots. */
export interface PathLimit {
  kind: 'cpu' | 'blocked' | 'other';
  text: string;
}

const FAIR_EFFICIENCY = 0.5;
// Under this, connecting and parsing weigh as much as the handler, and X·S0 says nothing about slots.
const MIN_S0_MS = 20;
const CPU_SHARE = 0.6;
const BLOCKED_TOLERANCE = 1.25;

/**
 * Why a path reaches less than half of what its slots allow, or null when it does not. The wave test may have run on
 * another path, so this is where a driver that blocks the loop shows (bench.md §5: C_eff = X·S0).
 */
export function pathLimit(result: ThroughputResult, claim: Claim, s0Ms: number): PathLimit | null {
  const { efficiency, busyCores, effectiveConcurrency: served } = result;
  if (efficiency >= FAIR_EFFICIENCY) return null;
  const inService = `on this path ${served.toFixed(1)} requests were in service at once (X·S0)`;
  if (s0Ms < MIN_S0_MS) {
    return {
      kind: 'cpu',
      text: `The path answers in ${s0Ms.toFixed(1)} ms: the CPU limits it, not the slots.`,
    };
  }
  if (busyCores !== null && busyCores >= CPU_SHARE * served) {
    const text = `The CPU is the limit: ${inService} and ${busyCores.toFixed(1)} cores were busy.`;
    return { kind: 'cpu', text: `${text} More slots cannot help.` };
  }
  if (claim.perProcess > 1 && served <= BLOCKED_TOLERANCE * claim.processes) {
    const text = `The handler blocks its process: ${inService}, about one a process, and the CPU was idle.`;
    return { kind: 'blocked', text: `${text} Look for a driver that waits outside gevent.` };
  }
  return { kind: 'other', text: `Something shared is the limit: ${inService}. Look for a pool or a lock.` };
}
