import { DeploykitError } from '../errors.js';
import type { Plan } from '../plan/types.js';
import type { StatsSummary } from '../uwsgi/stats.js';

/**
 * Compares the slots a server has with those that were planned: uWSGI lowers `async` by itself when it may not open
 * enough files, and says so only in its log.
 * @throws DeploykitError DK_NOT_ASYNC.
 */
export function checkSlots(stats: StatsSummary, plan: Plan): void {
  const perWorker = stats.slots / Math.max(1, stats.workers);
  const planned = plan.server.slots / plan.server.processes;
  if (perWorker === planned) return;
  throw new DeploykitError('DK_NOT_ASYNC', `a worker has ${perWorker} slots, and ${planned} were planned`, {
    hint: 'The server log says why; too few file descriptors (ulimit -n) is the usual reason.',
  });
}

/**
 * Judges the answer of the health path: below 500 is well.
 * @throws DeploykitError DK_APP_UNHEALTHY with the status, or why there was none, and the log.
 */
export async function checkHealth(
  answer: { status: number; body: string } | { failure: string },
  plan: Plan,
  log: () => Promise<string>,
): Promise<void> {
  if ('status' in answer && answer.status < 500) return;
  const what = 'status' in answer ? `answers ${answer.status}` : `does not answer: ${answer.failure}`;
  const body = 'status' in answer ? answer.body.slice(0, 300) : '';
  throw new DeploykitError('DK_APP_UNHEALTHY', `the server is up, but ${plan.app.healthPath} ${what}`, {
    excerpt: [await log(), body].filter((part) => part.trim() !== '').join('\n'),
    hint: 'Mend the application, or set [app] health to a path that answers below 500.',
  });
}
