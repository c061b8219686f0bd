import { pathLimit } from '../bench/path-limit.js';
import { runLoad } from '../bench/run-load.js';
import { closedPlan } from '../bench/target.js';
import type { BenchResult, BlockingLine } from '../bench/types.js';
import { blockingFrames } from '../uwsgi/blocking-report.js';
import type { BenchRequest } from './bench-side.js';
import { runnable, type Session } from './session.js';

const REQUESTS_A_PROCESS = 4;
const TIMEOUT_MS = 30_000;

/** Whether a result says that handlers keep their process to themselves, which only greenlets can be blamed for. */
export function hubIsBlocked({ claim, wave, throughput, s0Ms, verdict }: BenchResult): boolean {
  if (verdict !== 'FAIL' || claim.topology !== 'gevent') return false;
  const byWave = wave?.verdict === 'FAIL' && wave.effectiveConcurrency <= claim.processes;
  return byWave || (throughput !== null && pathLimit(throughput, claim, s0Ms)?.kind === 'blocked');
}

/**
 * Starts the release a second time with gevent's monitor thread, loads the path that was measured, and reads from its
 * log which lines blocked the hub; empty when none was named.
 * @throws DeploykitError as Target.beside.
 */
export async function findBlocking(
  session: Session,
  { claim, path }: BenchResult,
  request: BenchRequest,
): Promise<BlockingLine[]> {
  const { reporter, signal } = session;
  reporter.step('Looking for what blocks: the same release with the monitor thread of gevent');
  const instance = await runnable(session).beside({ watched: true });
  try {
    const { method = request.body === undefined ? 'GET' : 'POST', headers = {}, body } = request;
    const target = {
      endpoint: instance.endpoint,
      path,
      method,
      headers,
      body,
      timeoutMs: TIMEOUT_MS,
      signal,
    };
    const requests = REQUESTS_A_PROCESS * claim.processes;
    const load = { requests, concurrency: requests, durationMs: null };
    await runLoad(closedPlan(target, load), { signal });
    const log = (await instance.log?.()) ?? '';
    return blockingFrames(log).map((frame) => ({ ...frame, file: inProject(frame.file, session) }));
  } finally {
    await instance.close();
  }
}

/** The sentence of the verdict that names the line. */
export function blockingSentence([first, ...others]: readonly BlockingLine[]): string {
  if (!first) return "gevent's monitor thread saw no line of Python at work while the hub was blocked.";
  const code = first.code === '' ? '' : `: ${first.code}`;
  const within = first.within === null ? '' : ` (waiting in ${first.within})`;
  const more =
    others.length > 0 ? ` So did ${others.map(({ file, line }) => `${file}:${line}`).join(', ')}.` : '';
  return `What blocked the hub: ${first.file}:${first.line} in ${first.function}${code}${within}.${more}`;
}

// Where the source lies in an image or a release folder is of no use to the reader.
function inProject(file: string, { loaded }: Session): string {
  const { dir, name } = loaded.project;
  const roots = [`${dir}/`, '/app/', new RegExp(`^/srv/${name}/releases/[^/]+/app/`)];
  for (const root of roots) {
    if (typeof root === 'string' ? file.startsWith(root) : root.test(file)) return file.replace(root, '');
  }
  return file;
}
