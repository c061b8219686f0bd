import type { Route } from '../endpoint.js';
import type { ServiceTime } from './service-time.js';
import type { Claim } from './types.js';

const MIN_S0_MS = 200;
const MAX_S0_MS = 5_000;
const MAX_SPREAD = 0.05;
// Handling one request costs the server well under 0.3 ms of CPU; a whole wave must cost less than a quarter of S0
// (bench.md §5a), so that a wave of C requests needs about 1.2·C ms.
const S0_MS_PER_SLOT = 1.2;
// Each connection through an ssh tunnel is opened by sshd on the other side, one after the other: tens of ms on a slow
// machine, before the request even reaches the server.
const S0_MS_PER_SLOT_TUNNEL = 20;
// SYN retransmissions come at about 1, 3 and 7 s. At 1 s the connect time is watched instead.
const RETRY_MS = [3_000, 7_000];
const SLEEPS_MS = [500, 1_500, 2_500, 5_000];

/** Why the user's own path cannot carry the wave test, or null when it can (bench.md §5a, pre-checks). */
export function unfitForWave(
  { s0Ms, spread }: ServiceTime,
  { slots }: Pick<Claim, 'slots'>,
  route: Route['kind'],
): string | null {
  const took = `the path answers in ${s0Ms < 10 ? s0Ms.toFixed(1) : Math.round(s0Ms)} ms`;
  const least = Math.max(MIN_S0_MS, Math.ceil(msPerSlot(route) * slots));
  if (s0Ms < least) return `${took}, and waves of ${slots} can be told apart from ${least} ms on`;
  if (s0Ms > MAX_S0_MS) return `${took}, which makes a wave test too long`;
  if (spread >= MAX_SPREAD) return `its service time varies by ${Math.round(spread * 100)} %`;
  const retry = RETRY_MS.find((at) => Math.abs(s0Ms - at) < at / 10);
  return retry === undefined ? null : `${took}, which looks like a repeated SYN at ${retry / 1000} s`;
}

/** How long the verification path sleeps: long enough to tell waves of that many slots apart. */
export function verificationSleepMs({ slots }: Pick<Claim, 'slots'>, route: Route['kind']): number {
  return SLEEPS_MS.find((sleep) => sleep >= msPerSlot(route) * slots) ?? 5_000;
}

function msPerSlot(route: Route['kind']): number {
  return route === 'ssh-tunnel' ? S0_MS_PER_SLOT_TUNNEL : S0_MS_PER_SLOT;
}
