import { DeploykitError } from '../../errors.js';
import type { AuxiliaryInput } from './auxiliary.js';
import { transientArguments } from './transient.js';

/** Runs the release command once, as the service's user, with its environment and limits. @throws DK_RELEASE_COMMAND. */
export async function runReleaseCommand({
  on,
  plan,
  paths,
  release,
  service,
}: AuxiliaryInput): Promise<void> {
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
