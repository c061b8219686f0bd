import type Docker from 'dockerode';
import { DeploykitError, throwIfAborted } from '../../errors.js';
import type { Plan } from '../../plan/types.js';
import { type StatsSummary, summarizeStats } from '../../uwsgi/stats.js';
import { bootError } from '../boot-error.js';
import { checkHealth, checkSlots } from '../health.js';
import { containerLog } from './container.js';
import { evidenceIn } from './evidence-in.js';
import { exec } from './exec.js';
import { probe } from './probe.js';

const POLL_MS = 150;

/**
 * Waits until the server in a container has loaded the application, its health path answers, and its slots are those
 * of the plan.
 * @throws DeploykitError DK_APP_*, DK_GEVENT_MISSING, DK_SERVER_FAILED when it ended; DK_APP_UNHEALTHY; DK_NOT_ASYNC;
 * DK_TIMEOUT after `seconds`; DK_INTERRUPTED.
 */
export async function waitReady(
  container: Docker.Container,
  plan: Plan,
  seconds: number,
  signal: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    throwIfAborted(signal);
    const { State } = await container.inspect();
    if (!State.Running) throw bootError(await containerLog(container), plan);
    const stats = await readStats(container, plan);
    if (stats && stats.workers > 0 && stats.ready === stats.workers) {
      checkSlots(stats, plan);
      break;
    }
    if (Date.now() > deadline) throw tooLate(await containerLog(container, 20), seconds);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throwIfAborted(signal);
  const { healthPath, hostHeader } = plan.app;
  const answer = await exec(container, probe(plan, 'get', healthPath, hostHeader));
  const { State } = await container.inspect();
  if (!State.Running) throw bootError(await containerLog(container), plan);
  await checkHealth(parseAnswer(answer), plan, evidenceIn(container, plan, 40));
}

/** The stats of the server in a container, or null when it does not answer (yet). */
export async function readStats(
  container: Docker.Container,
  plan: Pick<Plan, 'layout'>,
): Promise<StatsSummary | null> {
  const result = await exec(container, probe(plan, 'stats'));
  return result.exitCode === 0 ? summarizeStats(result.stdout) : null;
}

function parseAnswer({
  stdout,
  stderr,
}: {
  stdout: string;
  stderr: string;
}): Parameters<typeof checkHealth>[0] {
  return stdout.startsWith('{')
    ? (JSON.parse(stdout) as { status: number; body: string })
    : { failure: stderr.trim() };
}

function tooLate(log: string, seconds: number): DeploykitError {
  return new DeploykitError('DK_TIMEOUT', `the application was not loaded in ${seconds} s`, {
    excerpt: log,
    hint: 'Give it more time with --wait SECONDS, or make its import faster.',
  });
}
