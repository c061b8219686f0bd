import { DeploykitError } from '../../errors.js';
import type { Plan } from '../../plan/types.js';
import { bootError } from '../boot-error.js';
import { checkHealth } from '../health.js';
import type { OnHost } from './on-host.js';
import type { HostPaths } from './paths.js';

interface Seen {
  failure?: string;
  status?: number;
  body?: string;
  workers?: number;
  slots?: number;
}

interface ReadyInput {
  on: OnHost;
  plan: Plan;
  paths: HostPaths;
  release: string;
  unit: string;
  /** Folder of the instance's sockets. */
  run: string;
  seconds: number;
  /** Seconds to watch for a crash once it answers. */
  settle: number;
  /** Seconds since the epoch, on the host: older lines of the journal are somebody else's. */
  since: number;
  /** After a reload: only workers younger than `since` count. */
  reloaded?: boolean;
}

/**
 * Waits, on the host and in one round trip, until an instance has loaded the application, answers, has its slots and
 * stays up.
 * @throws DeploykitError DK_APP_*, DK_GEVENT_MISSING, DK_SERVER_FAILED, DK_NOT_ASYNC, DK_TIMEOUT.
 */
export async function waitInstance(input: ReadyInput): Promise<void> {
  const { on, plan, paths, release, unit, run, seconds, settle } = input;
  const folder = paths.release(release);
  const argv = [
    ...['env', `DEPLOYKIT_STATS=${run}/stats.sock`, `DEPLOYKIT_SOCKET=${run}/probe.sock`],
    ...(input.reloaded ? [`DEPLOYKIT_SINCE=${input.since}`] : []),
    ...[`${folder}/venv/bin/python`, `${folder}/probe.py`, 'ready'],
    ...[String(seconds), String(settle), plan.app.healthPath, plan.app.hostHeader, unit],
  ];
  const result = await on.try(argv);
  const seen = JSON.parse(result.stdout || '{"failure":"ended"}') as Seen;
  const log = (): Promise<string> => journal(on, unit, input.since);
  if (seen.failure === 'ended') throw bootError(await log(), plan);
  if (seen.failure === 'crashed') throw crashed(await log());
  if (seen.failure === 'late') throw late(await log(), seconds);
  await checkHealth(
    seen.status === undefined
      ? { failure: seen.failure ?? 'no answer' }
      : { status: seen.status, body: seen.body ?? '' },
    plan,
    log,
  );
  if (seen.slots === plan.server.slots) return;
  throw new DeploykitError(
    'DK_NOT_ASYNC',
    `the instance has ${seen.slots} slots, and ${plan.server.slots} were planned`,
    {
      hint: 'Its log says why; too few file descriptors are the usual reason.',
      excerpt: await log(),
    },
  );
}

/** What a unit wrote to the journal since a moment of the host's clock. */
export async function journal(on: OnHost, unit: string, since: number): Promise<string> {
  const argv = ['journalctl', '--no-pager', '-o', 'cat', '-u', unit, '--since', `@${since}`, '-n', '300'];
  return (await on.try(argv)).stdout;
}

function crashed(log: string): DeploykitError {
  return new DeploykitError('DK_SERVER_FAILED', 'the application came up and a worker ended right after', {
    excerpt: log.trim().split('\n').slice(-25).join('\n'),
    hint: 'The last lines of its log are above.',
  });
}

function late(log: string, seconds: number): DeploykitError {
  return new DeploykitError('DK_TIMEOUT', `the application was not loaded in ${seconds} s`, {
    excerpt: log.trim().split('\n').slice(-25).join('\n'),
    hint: 'Give it more time with --wait SECONDS, or make its import faster.',
  });
}
