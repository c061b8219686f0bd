import { DeploykitError } from '../errors.js';
import type { Plan } from '../plan/types.js';
import { bootError } from './boot-error.js';
import type { Evidence } from './evidence.js';
import { checkHealth } from './health.js';

// What `probe.py ready` prints.
interface Seen {
  failure?: string;
  status?: number;
  body?: string;
  workers?: number;
  slots?: number;
}

/**
 * Judges what the probe saw of an instance that was started: loaded, answering, with its slots, and still there.
 * @param printed by `probe.py ready`; nothing when the instance ended and took the probe along.
 * @param seconds it had to load.
 * @throws DeploykitError DK_APP_*, DK_GEVENT_MISSING, DK_SERVER_FAILED, DK_APP_UNHEALTHY, DK_NOT_ASYNC, DK_TIMEOUT.
 */
export async function judgeInstance(
  printed: string,
  plan: Plan,
  seconds: number,
  evidence: Evidence,
): Promise<void> {
  const seen = JSON.parse(printed || '{"failure":"ended"}') as Seen;
  if (seen.failure === 'ended') throw bootError(await evidence.log(), plan);
  if (seen.failure === 'crashed') throw crashed(await evidence.log());
  if (seen.failure === 'late') throw late(await evidence.log(), seconds);
  const answer =
    seen.status === undefined
      ? { failure: seen.failure ?? 'no answer' }
      : { status: seen.status, body: seen.body ?? '' };
  await checkHealth(answer, plan, evidence);
  if (seen.slots === plan.server.slots) return;
  throw new DeploykitError(
    'DK_NOT_ASYNC',
    `the instance has ${seen.slots} slots, and ${plan.server.slots} were planned`,
    {
      hint: 'Its log says why; too few file descriptors are the usual reason.',
      excerpt: await evidence.log(),
    },
  );
}

function crashed(log: string): DeploykitError {
  return new DeploykitError('DK_SERVER_FAILED', 'the application came up and a worker ended right after', {
    excerpt: lastLines(log),
    hint: 'The last lines of its log are above.',
  });
}

function late(log: string, seconds: number): DeploykitError {
  return new DeploykitError('DK_TIMEOUT', `the application was not loaded in ${seconds} s`, {
    excerpt: lastLines(log),
    hint: 'Give it more time with --wait SECONDS, or make its import faster.',
  });
}

function lastLines(log: string): string {
  return log.trim().split('\n').slice(-25).join('\n');
}
