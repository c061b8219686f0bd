import { DeploykitError } from '../../errors.js';
import type { Plan } from '../../plan/types.js';
import { variantIni } from '../../uwsgi/ini-variant.js';
import { bootError } from '../boot-error.js';
import { journal, waitInstance } from './instance.js';
import type { OnHost } from './on-host.js';
import type { HostPaths } from './paths.js';
import { transientArguments } from './transient.js';

const SETTLE_SECONDS = 3;

interface TrialInput {
  on: OnHost;
  plan: Plan;
  paths: HostPaths;
  release: string;
  /** Text of the rendered service unit and ini. */
  service: string;
  ini: string;
  seconds: number;
}

/**
 * Proves a release beside the one that serves: the same unit, without the public socket. It must load, answer, have its
 * slots and stay up for 3 s; then it is stopped. When it fails, the end of the change stops it.
 * @throws DeploykitError as waitInstance.
 */
export async function tryRelease(input: TrialInput): Promise<void> {
  const { on, plan, paths, release } = input;
  const name = `${plan.name}-trial`;
  const run = `/run/deploykit-${name}`;
  on.reporter.step(`${on.host.name}: trying release ${release} beside what serves`);
  const { seconds } = input;
  const since = await startAuxiliary(input, { name, run, ini: 'trial.ini', httpSocket: `${run}/probe.sock` });
  const ask = async (argv: string[]): Promise<string> => {
    const unit = { name: `${plan.name}-ask`, notify: false };
    const command = [...transientArguments(input.service, release, unit), '--wait', '--pipe', ...argv];
    return (await on.try(command)).stdout;
  };
  const unit = { unit: name, run, seconds, settle: SETTLE_SECONDS, since, ask };
  await waitInstance({ on, plan, paths, release, ...unit });
  await on.try(['systemctl', 'stop', '--quiet', name]);
}

/**
 * Starts a second instance of a release in a transient unit with an ini of its own.
 * @returns when, in seconds of the host's clock.
 */
export async function startAuxiliary(
  { on, plan, paths, release, service, ini }: TrialInput,
  unit: {
    name: string;
    run: string;
    ini: string;
    httpSocket: string;
    module?: string;
    env?: Record<string, string>;
  },
): Promise<number> {
  const folder = paths.release(release);
  const text = variantIni(ini, {
    httpSocket: unit.httpSocket,
    run: unit.run,
    ...(unit.module ? { module: unit.module, pythonpath: '%d' } : {}),
  });
  await on.put(`${folder}/${unit.ini}`, text, '644');
  const argv = [
    ...transientArguments(service, release, {
      name: unit.name,
      run: unit.run.replace('/run/', ''),
      notify: true,
    }),
    ...Object.entries(unit.env ?? {}).map(([name, value]) => `--setenv=${name}=${value}`),
    ...[`${folder}/venv/bin/uwsgi`, '--ini', `${folder}/${unit.ini}`],
  ];
  const started = await on.try(['sh', '-c', 'date +%s; exec "$@"', 'sh', ...argv]);
  const since = Number(started.stdout.split('\n')[0]);
  if (started.exitCode === 0) return since;
  const log = await journal(on, unit.name, since);
  if (log.trim() !== '') throw bootError(log, plan);
  throw new DeploykitError('DK_SERVER_FAILED', `${on.host.name}: the instance could not be started`, {
    excerpt: started.all.trim(),
    hint: 'systemd says why above.',
  });
}

/** Runs the release command once, as the service's user, with its environment and limits. @throws DK_RELEASE_COMMAND. */
export async function runReleaseCommand({ on, plan, paths, release, service }: TrialInput): Promise<void> {
  const command = plan.service?.releaseCommand;
  if (!command) return;
  on.reporter.step(`${on.host.name}: ${command}`);
  const name = `${plan.name}-release`;
  const path = `${paths.release(release)}/venv/bin:/usr/local/bin:/usr/bin:/bin`;
  const argv = [
    ...transientArguments(service, release, { name, notify: false }),
    ...['--wait', '--pipe', `--setenv=PATH=${path}`, '/bin/sh', '-c', command],
  ];
  const result = await on.try(argv, { onLine: (line) => on.reporter.detail(line) });
  if (result.exitCode === 0) return;
  throw new DeploykitError(
    'DK_RELEASE_COMMAND',
    `${on.host.name}: the release command failed (${result.exitCode}): ${command}`,
    {
      excerpt: result.all.trim().split('\n').slice(-30).join('\n'),
      hint: 'The release that served goes on serving. Mend the command, then deploykit up.',
    },
  );
}
