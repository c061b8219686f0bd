import type { Decision, Topology } from './types.js';

// Several requests that each compute for as long as a request may take can follow one another.
const REQUESTS = 2;

/**
 * When a worker counts as hung. One that is busy is not: all of its greenlets may wait as long as they like, and its hub
 * runs; a thread or a process is busy with its request for the whole of it, and harakiri ends that.
 */
export function planHang(
  server: { request_timeout: number; hang_timeout?: number | undefined },
  topology: Topology,
): { hangTimeout: number | null; decision: Decision } {
  const decided = (value: string, why: string): Decision => ({ what: 'hung worker', value, why });
  const { request_timeout: request, hang_timeout: asked } = server;
  if (topology !== 'gevent') {
    const why = 'a worker with a request that runs longer is ended and replaced (harakiri)';
    return { hangTimeout: null, decision: decided(`after ${request} s`, why) };
  }
  if (asked === 0)
    return { hangTimeout: null, decision: decided('never', '[server] hang_timeout = 0: not watched') };
  const hangTimeout = asked ?? Math.max(5, REQUESTS * request);
  const reason = asked === undefined ? `${REQUESTS} × the request timeout` : 'asked for';
  const why = `${reason}; a hub that ran no other request for so long is written down with the line that holds it, and replaced`;
  return { hangTimeout, decision: decided(`after ${hangTimeout} s`, why) };
}
