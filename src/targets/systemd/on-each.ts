import { DeploykitError, type HostOutcome } from '../../errors.js';

/** Hosts that are worked on side by side, after the canary. */
const AT_ONCE = 8;

/**
 * Runs a step on every host: on the first alone, the canary; when it went well, on the others side by side. After a
 * failure no other host is begun.
 * @returns the results in the order of the hosts.
 * @throws the first failure, with how it ended on each host where there are several.
 */
export async function onEachHost<H extends { name: string }, T>(
  hosts: readonly H[],
  step: (host: H, index: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  const failures = new Map<number, unknown>();
  const one = async (index: number): Promise<void> => {
    const host = hosts[index];
    if (!host || failures.size > 0) return;
    try {
      results[index] = await step(host, index);
    } catch (error) {
      failures.set(index, error);
    }
  };
  await one(0);
  const waiting = hosts.map((_, index) => index).slice(1);
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await one(next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (failures.size === 0) return results;
  const rows = hosts.map(({ name }, index) => outcome(name, index in results, failures.get(index)));
  throw withReport([...failures.values()][0], rows);
}

function outcome(host: string, done: boolean, failure: unknown): HostOutcome {
  if (failure === undefined) return { host, outcome: done ? 'done' : 'not begun' };
  return { host, outcome: 'failed', message: failure instanceof Error ? failure.message : String(failure) };
}

function withReport(error: unknown, hosts: HostOutcome[]): unknown {
  if (hosts.length < 2 || !(error instanceof DeploykitError)) return error;
  return new DeploykitError(error.code, error.message, { ...error.details, hosts, cause: error });
}
