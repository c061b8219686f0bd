import type { Plan } from '../../plan/types.js';
import { questionFor } from '../evidence.js';
import { judgeInstance } from '../judge-instance.js';
import type { OnHost } from './on-host.js';
import type { HostPaths } from './paths.js';

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
  /** Runs a command as the unit runs, and resolves to what it prints. */
  ask?: (argv: string[]) => Promise<string>;
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
  await judgeInstance(result.stdout, plan, seconds, {
    log: () => journal(on, unit, input.since),
    ask: async () => (await input.ask?.(questionFor(plan, `${folder}/venv`, folder))) ?? '',
  });
}

/** What a unit wrote to the journal since a moment of the host's clock. */
export async function journal(on: OnHost, unit: string, since: number): Promise<string> {
  const argv = ['journalctl', '--no-pager', '-o', 'cat', '-u', unit, '--since', `@${since}`, '-n', '300'];
  return (await on.try(argv)).stdout;
}
