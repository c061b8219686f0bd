import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import type Docker from 'dockerode';

/** A container's log, line by line, both streams in order; with `follow` until it ends or the signal fires. */
export async function* containerLines(
  container: Docker.Container,
  options: { follow: boolean; lines: number },
  signal: AbortSignal,
): AsyncIterable<string> {
  const request = { stdout: true, stderr: true, tail: options.lines, follow: true as const };
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
