import { open, stat } from 'node:fs/promises';

const POLL_MS = 200;

/** The last lines of a log file; with `follow` also those that come, until the signal fires. */
export async function* fileLines(
  file: string,
  options: { follow: boolean; lines: number },
  signal: AbortSignal,
): AsyncIterable<string> {
  const handle = await open(file, 'r');
  try {
    const text = await handle.readFile('utf8');
    const lines = text.split('\n');
    let rest = lines.pop() ?? '';
    yield* lines.slice(-options.lines);
    let position = Buffer.byteLength(text);
    while (options.follow && !signal.aborted) {
      const { size } = await stat(file);
      if (size > position) {
        const chunk = Buffer.alloc(size - position);
        const { bytesRead } = await handle.read(chunk, 0, chunk.length, position);
        position += bytesRead;
        const parts = (rest + chunk.toString('utf8', 0, bytesRead)).split('\n');
        rest = parts.pop() ?? '';
        yield* parts;
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    if (rest !== '') yield rest;
  } finally {
    await handle.close();
  }
}
