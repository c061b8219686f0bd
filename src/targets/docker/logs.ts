import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import type Docker from 'dockerode';
import { notRunning } from '../target.js';
import { merged } from './merged.js';
import { numberOf, readDeployed, serversOf } from './release/deployed.js';

/** A container's log, line by line, both streams in order; with `follow` until it ends or the signal fires. */
export async function* containerLines(
  container: Docker.Container,
  options: { follow: boolean; lines: number; timestamps?: boolean },
  signal: AbortSignal,
): AsyncIterable<string> {
  const { lines: tail, timestamps = false } = options;
  const request = { stdout: true, stderr: true, tail, timestamps, follow: true as const };
  const raw = options.follow
    ? await container.logs(request)
    : PassThrough.from(toFrames(await container.logs({ ...request, follow: false })));
  const text = new PassThrough();
  container.modem.demuxStream(raw, text, text);
  raw.once('end', () => text.end());
  raw.once('close', () => text.end());
  const stop = (): void => {
    text.end();
    (raw as NodeJS.ReadableStream & { destroy?(): void }).destroy?.();
  };
  signal.addEventListener('abort', stop, { once: true });
  yield* createInterface({ input: text });
}

function toFrames(raw: Buffer): Buffer[] {
  return raw.length === 0 ? [] : [raw];
}

/**
 * The log of what serves a deployment: of all replicas, each line with the replica's number where there are several.
 * With `follow` it goes on with the next release when that takes over.
 */
export async function* deploymentLines(
  docker: Docker,
  { name, dir }: { name: string; dir: string },
  options: { follow: boolean; lines: number },
  signal: AbortSignal,
): AsyncIterable<string> {
  const seen = new Set<string>();
  let { lines } = options;
  for (;;) {
    const deployed = await readDeployed(docker, name, dir);
    const servers = serversOf(deployed).filter(({ Id }) => !seen.has(Id));
    if (servers.length === 0 && seen.size === 0) throw notRunning(name);
    for (const { Id } of servers) seen.add(Id);
    const streams = servers.map((info) =>
      prefixed(
        containerLines(docker.getContainer(info.Id), { ...options, lines }, signal),
        labelOf(info, servers),
      ),
    );
    yield* merged(streams);
    if (!options.follow || signal.aborted || servers.length === 0) return;
    lines = 100_000; // of a release that takes over, everything from its start
  }
}

function labelOf(info: Docker.ContainerInspectInfo, all: readonly unknown[]): string {
  return all.length > 1 ? `[${numberOf(info)}] ` : '';
}

async function* prefixed(lines: AsyncIterable<string>, prefix: string): AsyncIterable<string> {
  for await (const line of lines) yield `${prefix}${line}`;
}
