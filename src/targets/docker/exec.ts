import { PassThrough } from 'node:stream';
import type Docker from 'dockerode';
import { engineLost, nameLoss } from './lost.js';

interface ExecResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

interface ExecOptions {
  /** Seconds after which it is given up with exit code 124. */
  limit?: number;
  /** Default: the container's own. */
  user?: string;
}

const END_MS = 2000;

/** Runs a command in a container and collects what it prints. @throws DeploykitError DK_ENGINE_LOST. */
export async function exec(
  container: Docker.Container,
  argv: string[],
  { limit = 65, user }: ExecOptions = {},
): Promise<ExecResult> {
  const created = await container.exec({
    Cmd: argv,
    AttachStdout: true,
    AttachStderr: true,
    ...(user ? { User: user } : {}),
  });
  const stream = await created.start({ hijack: true, stdin: false });
  const stdout = collect();
  const stderr = collect();
  container.modem.demuxStream(stream, stdout.stream, stderr.stream);
  const ended = await new Promise<boolean>((resolve, reject) => {
    const timer = setTimeout(() => resolve(false), limit * 1000);
    stream.once('error', (error: Error) => reject(nameLoss(error)));
    stream.once('end', () => resolve(true));
    stream.once('close', () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
  if (!ended) {
    stream.destroy();
    return { exitCode: 124, stdout: stdout.text(), stderr: stderr.text() };
  }
  return { exitCode: await exitCodeOf(created), stdout: stdout.text(), stderr: stderr.text() };
}

// What a command prints ends a moment before the engine knows of its end. Where it goes on running, it was the connection
// that ended.
async function exitCodeOf(created: Docker.Exec): Promise<number> {
  const deadline = Date.now() + END_MS;
  for (;;) {
    const { Running, ExitCode } = await created.inspect().catch(forgotten);
    if (!Running) return ExitCode ?? 1;
    if (Date.now() > deadline) throw engineLost();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

// An engine that was started again knows nothing of what it was asked to run before.
function forgotten(error: { statusCode?: number }): never {
  throw error.statusCode === 404 ? engineLost() : error;
}

function collect(): { stream: PassThrough; text: () => string } {
  const stream = new PassThrough();
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}
