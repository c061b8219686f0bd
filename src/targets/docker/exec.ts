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
  const { ExitCode } = await created.inspect().catch(forgotten);
  return { exitCode: ExitCode ?? 1, stdout: stdout.text(), stderr: stderr.text() };
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
