import { BlockList, isIP } from 'node:net';
import type { Endpoint } from '../endpoint.js';
import { DeploykitError } from '../errors.js';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');
LOOPBACK.addSubnet('::ffff:127.0.0.0', 104, 'ipv6');

/** True for an address of this machine that no other machine can reach. */
export function isLoopback(host: string): boolean {
  const family = isIP(host);
  return family === 0 ? host === 'localhost' : LOOPBACK.check(host, family === 4 ? 'ipv4' : 'ipv6');
}

/** True for a unix socket and for an address that only this machine reaches. */
export function isLocal({ host, socketPath }: Endpoint): boolean {
  return socketPath !== undefined || isLoopback(host);
}

/**
 * A load goes to this machine only, unless the user says the other one is theirs.
 * @throws DeploykitError DK_BENCH_ADDRESS.
 */
export function refuseForeignAddress(endpoint: Endpoint, allowAnyHost: boolean): void {
  if (allowAnyHost || isLocal(endpoint)) return;
  throw new DeploykitError('DK_BENCH_ADDRESS', `${endpoint.host} is not an address of this machine`, {
    hint: 'A load test of a machine you do not own is an attack. If it is yours, say so explicitly.',
  });
}
