import { rateWords } from './rate-words.js';
import type { Claim, SweepPoint, SweepResult } from './types.js';
import { admissionCause } from './wave-diagnosis.js';

// bench.md §5: C_hat within 5 % of C, more where the measurement itself is less sure.
const TOLERANCE = 0.07;
const CPU_LIMITED = 0.85;
const STILL_RISING = 1.1;
// Under this, connecting and parsing weigh as much as the handler, and X·S0 says nothing about slots.
const MIN_S0_MS = 5;

/** Bounds, knee and limit of a sweep. `cores`: how many the server can use. At least one point. */
export function judgeSweep(points: SweepPoint[], claim: Claim, s0Ms: number, cores: number): SweepResult {
  const best = points.reduce((a, b) => (b.requestsPerSecond > a.requestsPerSecond ? b : a));
  const saturated = points.filter(({ concurrency }) => concurrency >= 1.25 * claim.slots);
  const plateau = saturated.length > 0 ? meanRate(saturated) : best.requestsPerSecond;
  const served = (plateau * s0Ms) / 1000;
  const perRequest = cpuPerRequest(points);
  const busy = perRequest === null ? null : best.requestsPerSecond * perRequest;
  const known = {
    points,
    bounds: {
      slots: (claim.slots / s0Ms) * 1000,
      cpu: perRequest === null || perRequest === 0 ? null : cores / perRequest,
      measuredMax: best.requestsPerSecond,
    },
    knee: (best.requestsPerSecond * s0Ms) / 1000,
  };
  const limitedBy = limitOf(points, { claim, served, s0Ms, cpuShare: busy === null ? 0 : busy / cores });
  return { ...known, limitedBy, explanation: explain(limitedBy, { ...known, claim, served, cores, busy }) };
}

function limitOf(
  points: SweepPoint[],
  { claim, served, s0Ms, cpuShare }: { claim: Claim; served: number; s0Ms: number; cpuShare: number },
): SweepResult['limitedBy'] {
  const last = points.at(-1);
  const unsure = last?.halfWidth ? last.halfWidth / last.requestsPerSecond : 0;
  const atSlots = Math.abs(served / claim.slots - 1) <= Math.max(TOLERANCE, unsure);
  if (s0Ms >= MIN_S0_MS && atSlots) return 'slots';
  if (cpuShare >= CPU_LIMITED) return 'cpu';
  const before = points.at(-2);
  if (last && before && last.requestsPerSecond > STILL_RISING * before.requestsPerSecond)
    return 'not-reached';
  return points.length < 2 || last === undefined || last.concurrency < claim.slots
    ? 'not-reached'
    : 'something-else';
}

/**
 * CPU seconds of one request: D of bench.md §5. The lower quartile of the points, because other work of the machine in
 * between adds to what was read.
 */
function cpuPerRequest(points: SweepPoint[]): number | null {
  const costs = points.flatMap(({ busyCores, requestsPerSecond }) =>
    busyCores === null || requestsPerSecond === 0 ? [] : [busyCores / requestsPerSecond],
  );
  costs.sort((a, b) => a - b);
  return costs[Math.floor(costs.length / 4)] ?? null;
}

interface Facts {
  claim: Claim;
  served: number;
  cores: number;
  busy: number | null;
  knee: number;
  bounds: SweepResult['bounds'];
}

function explain(limitedBy: SweepResult['limitedBy'], facts: Facts): string {
  const { claim, served, bounds, knee, busy, cores } = facts;
  const top = `At most ${rateWords(bounds.measuredMax)} requests/s, from about ${Math.max(1, Math.round(knee))} clients on`;
  const inService = `X·S0 = ${served.toFixed(1)} requests in service at once`;
  if (limitedBy === 'slots') return `${top}: the ${claim.slots} slots are the limit (${inService}).`;
  if (limitedBy === 'cpu') {
    const cpu = busy === null ? 'the CPU' : `${busy.toFixed(1)} of ${cores} usable cores`;
    return `${top}: ${cpu} were busy. The CPU is the limit; more slots cannot help (${inService}).`;
  }
  if (limitedBy === 'not-reached') {
    return `${rateWords(bounds.measuredMax)} requests/s at the last point, and still rising: no limit was reached.`;
  }
  const first = Math.max(1, Math.round(served));
  const over = first > claim.slots;
  const why = over
    ? 'More than the slots: a proxy or a cache answers, or the service time was measured wrong.'
    : admissionCause(first, claim);
  return `${top}: ${inService}, where ${claim.slots} slots were asked for, and the CPU was not busy. ${why}`;
}

function meanRate(points: SweepPoint[]): number {
  return points.reduce((sum, { requestsPerSecond }) => sum + requestsPerSecond, 0) / points.length;
}
