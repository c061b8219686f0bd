import type Docker from 'dockerode';
import { DeploykitError } from '../../../errors.js';
import { exec } from '../exec.js';

const LIMIT_MS = 20_000;
const POLL_MS = 100;

// The title of a worker that was told to end is "nginx: worker process is shutting down".
const WORKERS = `for process in /proc/[0-9]*; do
  title=$(tr -d '\\0' < "$process/cmdline" 2> /dev/null) || continue
  case $title in "nginx: worker process"*down) ;; "nginx: worker process"*) echo "\${process#/proc/}" ;; esac
done`;

/** The workers of nginx that take connections, as their container counts processes. */
export async function workersOf(front: Docker.Container): Promise<string[]> {
  const { stdout } = await exec(front, ['sh', '-c', WORKERS]);
  return stdout.split('\n').filter(Boolean);
}

/**
 * Waits until a reload took effect: the master tells its workers in its own time, and until then they send requests as
 * they did before.
 * @param before the workers before the reload.
 * @throws DeploykitError DK_SERVER_FAILED when they go on.
 */
export async function untilReloaded(front: Docker.Container, before: readonly string[]): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    const now = await workersOf(front);
    if (now.length > 0 && !now.some((worker) => before.includes(worker))) return;
    if (Date.now() > deadline) {
      throw new DeploykitError('DK_SERVER_FAILED', 'nginx did not take over its new configuration', {
        hint: `Its log says why: docker logs ${front.id.slice(0, 12)}`,
      });
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
