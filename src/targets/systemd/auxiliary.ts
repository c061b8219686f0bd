import { DeploykitError } from '../../errors.js';
import type { Plan } from '../../plan/types.js';
import { variantIni } from '../../uwsgi/ini-variant.js';
import { bootError } from '../boot-error.js';
import { journal } from './instance.js';
import type { OnHost } from './on-host.js';
import type { HostPaths } from './paths.js';
import { transientArguments } from './transient.js';

/** A second instance of a release, in a transient unit with an ini of its own. */
export interface Auxiliary {
  name: string;
  /** Folder of its sockets, below /run. */
  run: string;
  httpSocket: string;
  /** Its ini, in the release's folder. */
  file: string;
  module?: string;
  env?: Record<string, string>;
}

export interface AuxiliaryInput {
  on: OnHost;
  plan: Plan;
  paths: HostPaths;
  release: string;
  /** Text of the rendered service unit. */
  service: string;
}

/** The ini of a second instance. @param ini that of the release. */
export function auxiliaryIni(ini: string, { httpSocket, run, module }: Auxiliary): string {
  return variantIni(ini, { httpSocket, run, ...(module ? { module, pythonpath: '%d' } : {}) });
}

/** The command that starts it, and resolves when it is started. */
export function startCommand({ paths, release, service }: AuxiliaryInput, unit: Auxiliary): string[] {
  const folder = paths.release(release);
  const { name, run, env = {} } = unit;
  return [
    ...transientArguments(service, release, { name, run: run.replace('/run/', ''), notify: true }),
    ...Object.entries(env).map(([key, value]) => `--setenv=${key}=${value}`),
    ...[`${folder}/venv/bin/uwsgi`, '--ini', `${folder}/${unit.file}`],
  ];
}

/**
 * Writes its ini and starts it.
 * @returns when, in seconds of the host's clock.
 * @throws DeploykitError as notStarted.
 */
export async function startAuxiliary(input: AuxiliaryInput, unit: Auxiliary, ini: string): Promise<number> {
  const { on, paths, release, plan } = input;
  await on.put(`${paths.release(release)}/${unit.file}`, auxiliaryIni(ini, unit), '644');
  const started = await on.try(['sh', '-c', 'date +%s; exec "$@"', 'sh', ...startCommand(input, unit)]);
  const since = Number(started.stdout.split('\n')[0]);
  if (started.exitCode !== 0) throw await notStarted(on, plan, unit, since, started.all);
  return since;
}

/** The error of one that did not start: what the application wrote, else what systemd said. */
export async function notStarted(
  on: OnHost,
  plan: Plan,
  unit: Auxiliary,
  since: number,
  output: string,
): Promise<DeploykitError> {
  const log = await journal(on, unit.name, since);
  if (log.trim() !== '') return bootError(log, plan);
  return new DeploykitError('DK_SERVER_FAILED', `${on.host.name}: the instance could not be started`, {
    excerpt: output.trim(),
    hint: 'systemd says why above.',
  });
}
