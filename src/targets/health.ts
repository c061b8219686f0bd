import { DeploykitError } from '../errors.js';
import type { Plan } from '../plan/types.js';
import type { StatsSummary } from '../uwsgi/stats.js';
import type { Evidence } from './evidence.js';

const TRACEBACK = 'Traceback (most recent call last)';
// https://docs.djangoproject.com/en/stable/ref/logging/#default-logging-configuration
const DJANGO_IS_SILENT =
  'The traceback was had by asking once more: with DEBUG off, Django mails it to ADMINS and logs nothing. To have it ' +
  'in deploykit logs: LOGGING = {"version": 1, "disable_existing_loggers": False, "handlers": {"console": {"class": ' +
  '"logging.StreamHandler"}}, "root": {"handlers": ["console"]}} in the settings. ';

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
 * @throws DeploykitError DK_APP_UNHEALTHY with the status, or why there was none, the log, and the traceback also when
 * the application writes none.
 */
export async function checkHealth(
  answer: { status: number; body: string } | { failure: string },
  plan: Plan,
  evidence: Evidence,
): Promise<void> {
  if ('status' in answer && answer.status < 500) return;
  const what = 'status' in answer ? `answers ${answer.status}` : `does not answer: ${answer.failure}`;
  const log = await evidence.log();
  const kept = 'status' in answer && !log.includes(TRACEBACK) ? (await evidence.ask()).trim() : '';
  const body = 'status' in answer ? answer.body.slice(0, 300) : '';
  const silent = /[\\/]django[\\/]/.test(kept) ? DJANGO_IS_SILENT : '';
  throw new DeploykitError('DK_APP_UNHEALTHY', `the server is up, but ${plan.app.healthPath} ${what}`, {
    excerpt: kept || [log, body].filter((part) => part.trim() !== '').join('\n'),
    hint: `${silent}Mend the application, or set [app] health to a path that answers below 500.`,
  });
}
