import type { Readable, Writable } from 'node:stream';

/** A command whose stdin and stdout are one connection. */
export interface Piped {
  stdin: Writable;
  stdout: Readable;
  /** When it ended and its output was read; 127 when it could not be started. */
  ended: Promise<{ exitCode: number; stderr: string }>;
  end(): void;
}

const KEPT_STDERR = 8192;

/** Starts a command as a connection. */
export async function startPiped(argv: readonly string[]): Promise<Piped> {
  const { execa } = await import('execa');
  const [command = '', ...args] = argv;
  // A group of its own: Ctrl-C is for this process, which may still have something to undo over the connection. When
  // this process ends, so does the command's stdin.
  const child = execa(command, args, { reject: false, stdin: 'pipe', buffer: false, detached: true });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('utf8')).slice(-KEPT_STDERR);
  });
  // A write to a command that ended meanwhile: its end is what is heard of.
  child.stdin.on('error', () => undefined);
  const read = new Promise((resolve) => child.stdout.once('close', resolve));
  const ended = Promise.all([child, read]).then(([{ exitCode }]) => ({
    exitCode: exitCode ?? 127,
    stderr: stderr.trim(),
  }));
  return { stdin: child.stdin, stdout: child.stdout, ended, end: () => void child.kill() };
}
