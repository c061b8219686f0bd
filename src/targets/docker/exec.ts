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
const POLL_MS = 50;
const KILLED = 137;
const NOT_BEGUN = [126, 127, 128];

/**
 * Runs a command in a container and collects what it prints. A container that ends takes the command with it: exit code
 * 137, as of a killed process, also when it ended before the command began (or the engine's own 126, while it ends).
 * @throws DeploykitError DK_ENGINE_LOST.
 */
export async function exec(
  container: Docker.Container,
  argv: string[],
  { limit = 65, user }: ExecOptions = {},
): Promise<ExecResult> {
  const begun = await begin(container, argv, user).catch((error) => refusedByEnded(container, error));
  if (begun === null) return { exitCode: KILLED, stdout: '', stderr: 'the container had ended' };
  const { created, stream } = begun;
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
  const exitCode = await exitCodeOf(created).catch((error) => refusedByEnded(container, error));
  return attributed(exitCode, stdout.text(), stderr.text());
}

// Of a command that could not begin, the engine writes its reason to where the command would have written: a text of its
// own, of the runtime or of containerd, and "\r\n" (moby, postContainerExecStart). Nothing run here prints that ending.
function attributed(exitCode: number | null, stdout: string, stderr: string): ExecResult {
  const isEngines = (exitCode === null || NOT_BEGUN.includes(exitCode)) && stdout.endsWith('\r\n');
  return {
    exitCode: exitCode ?? KILLED,
    ...(isEngines ? { stdout: '', stderr: stdout } : { stdout, stderr }),
  };
}

interface Begun {
  created: Docker.Exec;
  stream: Awaited<ReturnType<Docker.Exec['start']>>;
}

async function begin(container: Docker.Container, Cmd: string[], User: string | undefined): Promise<Begun> {
  const output = { AttachStdout: true, AttachStderr: true };
  const created = await container.exec({ Cmd, ...output, ...(User === undefined ? {} : { User }) });
  return { created, stream: await created.start({ hijack: true, stdin: false }) };
}

/**
 * The engine refuses a command for a container that ended in several ways: 404 when the container is gone, and when the
 * engine forgot the command at its end (moby, Daemon.Cleanup), 409 when the engine knows of the end, 500 with the words
 * of the runtime when it does not yet.
 * @returns null when that is what happened. @throws the error, when not; DeploykitError DK_ENGINE_LOST for a command
 * that is forgotten while its container runs, as by an engine that was started again.
 */
async function refusedByEnded(
  container: Docker.Container,
  error: Error & { statusCode?: number },
): Promise<null> {
  if (error.statusCode === undefined) throw error;
  const isForgotten = error.statusCode === 404 && /exec instance/i.test(error.message);
  if (error.statusCode === 404 && !isForgotten) return null;
  const deadline = Date.now() + END_MS;
  for (;;) {
    const state = await stateOf(container);
    if (state === null || !state.Running || state.Restarting) return null;
    if (state.Paused || Date.now() > deadline) throw isForgotten ? engineLost() : error;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function stateOf(container: Docker.Container): Promise<Docker.ContainerInspectInfo['State'] | null> {
  try {
    return (await container.inspect()).State;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return null;
    throw error;
  }
}

// What a command prints ends a moment before the engine knows of its end. Where it goes on running, it was the connection
// that ended.
async function exitCodeOf(created: Docker.Exec): Promise<number> {
  const deadline = Date.now() + END_MS;
  for (;;) {
    const { Running, ExitCode } = await created.inspect();
    if (!Running) return ExitCode ?? 1;
    if (Date.now() > deadline) throw engineLost();
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function collect(): { stream: PassThrough; text: () => string } {
  const stream = new PassThrough();
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}
