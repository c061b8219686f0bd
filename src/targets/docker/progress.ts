import type Docker from 'dockerode';
import { throwIfAborted } from '../../errors.js';
import { nameLoss } from './lost.js';

interface ProgressEvent {
  stream?: string;
  status?: string;
  error?: string;
  errorDetail?: { message?: string };
}

type FollowProgress = (
  stream: NodeJS.ReadableStream,
  done: (error: Error | null) => void,
  onEvent: (event: ProgressEvent) => void,
) => void;

/**
 * Follows a build or pull to its end, line by line. The Engine reports a failure only as an event in the stream, which
 * dockerode does not raise; here it is thrown.
 */
export async function follow(
  docker: Docker,
  stream: NodeJS.ReadableStream,
  signal: AbortSignal,
  onLine: (line: string) => void,
): Promise<void> {
  let failure: string | undefined;
  const onAbort = (): void => {
    (stream as NodeJS.ReadableStream & { destroy(error?: Error): void }).destroy();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      const followProgress = (docker as unknown as { followProgress: FollowProgress }).followProgress.bind(
        docker,
      );
      followProgress(
        stream,
        (error) => (error && !signal.aborted ? reject(nameLoss(error)) : resolve()),
        (event) => {
          if (event.error) failure = event.errorDetail?.message ?? event.error;
          for (const line of readable(event.stream ?? event.status ?? '')) onLine(line);
        },
      );
      if (signal.aborted) onAbort();
    });
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
  throwIfAborted(signal);
  if (failure) throw new Error(failure);
}

function readable(text: string): string[] {
  return text
    .split('\n')
    .flatMap((line) => commandOutput(line).split(/[\r\n]+/))
    .filter((line) => line.trim() !== '')
    .map((line) => line.trimEnd());
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

// dockerode 5.0 hands on what a build's commands print as base64 (lib/buildkit.js reads protobuf bytes as such a string
// and decodes it as UTF-8 text). Its own lines all hold a blank, which base64 does not.
function commandOutput(line: string): string {
  if (line.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(line)) return line;
  try {
    const text = utf8.decode(Buffer.from(line, 'base64'));
    return /[\x00-\x08\x0e-\x1a]/.test(text) ? line : text;
  } catch (error) {
    if (error instanceof TypeError) return line; // a word that only looks like base64
    throw error;
  }
}
