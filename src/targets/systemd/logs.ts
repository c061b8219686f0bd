import type { Host } from '../../host/host.js';

/** The journals of a deployment's instances on all hosts, each line with its host in front when there are several. */
export async function* followJournals(
  hosts: readonly Host[],
  name: string,
  options: { follow: boolean; lines: number },
  signal: AbortSignal,
): AsyncIterable<string> {
  const waiting: string[] = [];
  let wake = (): void => undefined;
  let open = hosts.length;
  const prefix = (host: Host): string => (hosts.length > 1 ? `${host.name}: ` : '');
  const argv = [
    'journalctl',
    '--no-pager',
    '-o',
    'cat',
    '-u',
    `${name}@*`,
    '-n',
    String(options.lines),
    ...(options.follow ? ['-f'] : []),
  ];
  const failures: unknown[] = [];
  for (const host of hosts) {
    const onLine = (line: string): void => {
      waiting.push(prefix(host) + line);
      wake();
    };
    host
      .run(argv, { onLine, signal })
      .catch((error: unknown) => failures.push(error))
      .finally(() => {
        open--;
        wake();
      });
  }
  while (open > 0 || waiting.length > 0) {
    yield* waiting.splice(0);
    if (open > 0 && waiting.length === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  if (failures.length > 0 && !signal.aborted) throw failures[0];
}
