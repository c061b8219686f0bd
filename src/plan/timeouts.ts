import { DeploykitError } from '../errors.js';
import type { Decision, ServerPlan } from './types.js';

// A worker that got the graceful signal may need as long as one request; the supervisor must wait longer than that.
const MERCY_MARGIN_S = 5;
const STOP_MARGIN_S = 5;

/**
 * Timeouts that agree: request <= worker-reload-mercy < stop grace, all in seconds.
 * @throws DeploykitError DK_PLAN_TIMEOUTS when graceful_timeout is shorter than a request may take.
 */
export function planTimeouts(server: { request_timeout: number; graceful_timeout?: number | undefined }): {
  timeouts: ServerPlan['timeouts'];
  decisions: Decision[];
} {
  const request = server.request_timeout;
  const reloadMercy = server.graceful_timeout ?? request + MERCY_MARGIN_S;
  if (reloadMercy < request) {
    throw new DeploykitError(
      'DK_PLAN_TIMEOUTS',
      `graceful_timeout (${reloadMercy} s) is shorter than request_timeout (${request} s): a stop would cut requests that are allowed to run`,
      { hint: `Set [server] graceful_timeout to at least ${request}, or lower request_timeout.` },
    );
  }
  const stopGrace = reloadMercy + STOP_MARGIN_S;
  return {
    timeouts: { request, reloadMercy, stopGrace },
    decisions: [
      {
        what: 'timeouts',
        value: `request ${request} s, worker-reload-mercy ${reloadMercy} s, stop grace ${stopGrace} s`,
        why: 'a stop waits for running requests: request <= worker-reload-mercy < stop grace',
      },
    ],
  };
}
