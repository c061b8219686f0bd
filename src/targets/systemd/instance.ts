import { loadTemplate } from '../../host/templates.js';
import type { Plan } from '../../plan/types.js';
import { questionFor } from '../evidence.js';
import { judgeInstance } from '../judge-instance.js';
import type { OnHost } from './on-host.js';
import type { HostPaths } from './paths.js';

export interface ReadyInput {
  on: OnHost;
  plan: Plan;
  paths: HostPaths;
  release: string;
  unit: string;
  /** Folder of the instance's sockets. */
  run: string;
  seconds: number;
  /** Seconds to watch for a crash once the application is loaded. */
  settle: number;
  /** Runs a command as the unit runs, and resolves to what it prints. */
  ask?: (argv: string[]) => Promise<string>;
}

/**
 * The command that waits, on the host, until an instance has loaded the application, answers, has its slots and stays up.
 * @param since for a reload, when, in seconds of the host's clock: only younger workers count.
 */
export function readyCommand(
  { plan, paths, release, unit, run, seconds, settle }: ReadyInput,
  since?: number,
): string[] {
  return [
    ...['env', `DEPLOYKIT_STATS=${run}/stats.sock`, `DEPLOYKIT_SOCKET=${run}/probe.sock`],
    ...(since === undefined ? [] : [`DEPLOYKIT_SINCE=${since}`]),
    // Today's probe: that of a release may be from before what is asked of it.
    ...[`${paths.release(release)}/venv/bin/python`, '-c', loadTemplate('python/probe.py'), 'ready'],
    ...[String(seconds), String(settle), String(plan.server.slots)],
    ...[plan.app.healthPath, plan.app.hostHeader, unit],
  ];
}

/**
 * Judges what that command printed.
 * @param since when the instance was started, in seconds of the host's clock: older lines of the journal are not its own.
 * @throws DeploykitError DK_APP_*, DK_GEVENT_MISSING, DK_SERVER_FAILED, DK_NOT_ASYNC, DK_TIMEOUT.
 */
export async function judgeReady(input: ReadyInput, since: number, report: string): Promise<void> {
  const { on, plan, paths, release, unit, seconds } = input;
  const folder = paths.release(release);
  await judgeInstance(report, plan, seconds, {
    log: () => journal(on, unit, since),
    ask: async () => (await input.ask?.(questionFor(plan, `${folder}/venv`, folder))) ?? '',
  });
}

/** What a unit wrote to the journal since a moment of the host's clock. */
export async function journal(on: OnHost, unit: string, since: number): Promise<string> {
  const argv = ['journalctl', '--no-pager', '-o', 'cat', '-u', unit, '--since', `@${since}`, '-n', '300'];
  return (await on.try(argv)).stdout;
}
