import type Docker from 'dockerode';
import { throwIfAborted } from '../../errors.js';

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
        (error) => (error && !signal.aborted ? reject(error) : resolve()),
        (event) => {
          if (event.error) failure = event.errorDetail?.message ?? event.error;
          for (const line of (event.stream ?? event.status ?? '').split('\n'))
            if (line.trim()) onLine(line.trimEnd());
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
