import { DeploykitError } from '../errors.js';
import type { Decision, MachineFacts } from './types.js';

const FLOOR = 128;
const CEILING = 4096;

/**
 * Length of the listen queue: room for as many waiting requests as are in service, at least 128, at most 4096,
 * never beyond net.core.somaxconn (uWSGI exits with 1 when it is: core/socket.c).
 * @param refusesWhenFull true for a unix socket: connect(2) gives EAGAIN there, where TCP lets the client try again. It
 * gets all of the 4096: a place costs nothing until somebody waits in it.
 * @throws DeploykitError DK_PLAN_LISTEN when a number was asked for that the kernel does not allow.
 */
export function planListen(
  asked: 'auto' | number,
  slots: number,
  facts: MachineFacts,
  refusesWhenFull = false,
): { listen: number; decision: Decision } {
  const cap = facts.somaxconn ?? 65535;
  if (asked !== 'auto') {
    if (asked > cap) {
      throw new DeploykitError(
        'DK_PLAN_LISTEN',
        `listen = ${asked} is more than net.core.somaxconn = ${cap} on the machine that runs the server`,
        {
          hint: `Lower [server] listen to ${cap}, or raise the limit there: sysctl -w net.core.somaxconn=${asked}`,
        },
      );
    }
    return { listen: asked, decision: { what: 'listen', value: String(asked), why: 'asked for' } };
  }
  const wanted = refusesWhenFull ? CEILING : Math.min(CEILING, Math.max(FLOOR, 2 * slots));
  const listen = Math.min(wanted, cap);
  const rule = refusesWhenFull
    ? 'nginx answers 502 at once to what does not fit into a unix socket'
    : `twice the slots, between ${FLOOR} and ${CEILING}`;
  const why = listen < wanted ? `cut to net.core.somaxconn = ${cap}` : rule;
  return { listen, decision: { what: 'listen', value: String(listen), why } };
}
