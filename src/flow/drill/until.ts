import { DeploykitError, throwIfAborted } from '../../errors.js';
import type { Target } from '../../targets/target.js';
import type { StatsSummary } from '../../uwsgi/stats.js';

const LIMIT_S = 60;
const POLL_MS = 200;

/**
 * Waits until what the server says of itself is so.
 * @param failure the message when it never is.
 * @throws DeploykitError DK_TIMEOUT after a minute.
 */
export async function until(
  target: Target,
  signal: AbortSignal,
  failure: string,
  isMet: (stats: StatsSummary) => boolean,
): Promise<void> {
  const deadline = Date.now() + LIMIT_S * 1000;
  for (;;) {
    throwIfAborted(signal);
    // A server that is just ending may not be asked; what it said counts only if it stays so.
    const status = await target.status().catch((error: Error) => error);
    const stats = !(status instanceof Error) && status.running ? status.stats : null;
    if (stats && isMet(stats)) return;
    if (Date.now() > deadline) throw timedOut(failure, status instanceof Error ? status : undefined);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Whether every worker is there and has loaded the application. */
export function isWhole({ workers, ready }: StatsSummary): boolean {
  return workers > 0 && ready === workers;
}

function timedOut(failure: string, cause: Error | undefined): DeploykitError {
  const why = cause ? `: ${cause.message}` : '';
  return new DeploykitError('DK_TIMEOUT', `${failure} in ${LIMIT_S} s${why}`, { cause });
}
