import type Docker from 'dockerode';
import { DeploykitError } from '../../../errors.js';
import { containerLog, createContainer, removeContainer, startContainer } from '../container.js';
import { containerLines } from '../logs.js';
import { objectNames } from '../names.js';
import type { Change } from './start-set.js';

/**
 * Runs the release command once, in a container of the new release with its environment and limits.
 * @throws DeploykitError DK_RELEASE_COMMAND with what it printed; nothing was switched.
 */
export async function runReleaseCommand(
  { docker, name, reporter, signal }: Change,
  options: Docker.ContainerCreateOptions,
  command: string,
): Promise<void> {
  reporter.step(`Running ${command}`);
  const own = objectNames(name).command;
  await removeContainer(docker, own);
  const container = await createContainer(docker, own, options);
  try {
    await startContainer(container, 'the release command');
    for await (const line of containerLines(container, { follow: true, lines: 1000 }, signal))
      reporter.detail(line);
    const code = await exitCode(container);
    if (code === 0) return;
    throw new DeploykitError('DK_RELEASE_COMMAND', `the release command failed (${code}): ${command}`, {
      excerpt: (await containerLog(container, 30)).trim(),
      hint: 'The release that served goes on serving. Mend the command, then deploykit up.',
    });
  } finally {
    await removeContainer(docker, own);
  }
}

// The log ends a moment before the container does.
async function exitCode(container: Docker.Container): Promise<number> {
  for (;;) {
    const { State } = await container.inspect();
    if (!State.Running) return State.ExitCode;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
