import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DeploykitError, throwIfAborted } from '../errors.js';
import { readRecord, writeAtomic } from './files.js';
import { identify, isAlive, type ProcessIdentity } from './processes.js';

export interface RunOptions {
  cwd?: string;
  /** The whole environment of the command, when given. */
  env?: Record<string, string>;
  signal?: AbortSignal;
  /** Called for each line of stdout and stderr as it comes. */
  onLine?: (line: string) => void;
  /** ms. */
  timeoutMs?: number;
  /** The command leaves a process behind that keeps its output open (ssh -f): it ends when it exits, not at end of output. */
  background?: boolean;
  /** Written to stdin, which is empty otherwise. */
  input?: Uint8Array | string;
  /** Stdin stays open, and empty, until the command ends: its end tells the command that this process is gone. */
  openInput?: boolean;
  /** File that names the command while it runs: should this process be killed, the next one can end it. */
  record?: string;
}

export interface RunResult {
  /** 127 when the command was not found. */
  exitCode: number;
  stdout: string;
  stderr: string;
  /** stdout and stderr as they came. */
  all: string;
}

const GRACE_MS = 3000;

/**
 * Runs a command, never through a shell, in a process group of its own; resolves whatever its exit code.
 * @throws DeploykitError DK_INTERRUPTED when the signal fires; the whole group is ended first, compilers and all.
 */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  throwIfAborted(options.signal);
  if (options.background) return runToExit(argv, options);
  const { execa } = await import('execa');
  const [command = '', ...args] = argv;
  const child = execa(command, args, {
    ...(options.cwd ? { cwd: options.cwd } : {}),
    ...(options.env ? { env: options.env, extendEnv: false } : {}),
    ...(options.timeoutMs ? { timeout: options.timeoutMs } : {}),
    reject: false,
    all: true,
    ...stdinOf(options),
    buffer: true,
    detached: true,
    cleanup: true,
  });
  const endGroup = (): void => {
    if (child.pid !== undefined) endProcessGroup(child.pid);
  };
  options.signal?.addEventListener('abort', endGroup, { once: true });
  try {
    if (options.record && child.pid !== undefined) await writeRecord(options.record, child.pid);
    if (options.onLine) for await (const line of child.iterable({ from: 'all' })) options.onLine(line);
    const result = await child;
    throwIfAborted(options.signal);
    const notFound = (result as { code?: string }).code === 'ENOENT';
    return {
      exitCode: notFound ? 127 : (result.exitCode ?? 1),
      stdout: result.stdout,
      stderr: result.stderr,
      all: result.all ?? '',
    };
  } finally {
    options.signal?.removeEventListener('abort', endGroup);
    if (options.record) await rm(options.record, { force: true });
  }
}

function stdinOf({
  input,
  openInput,
}: RunOptions): { stdin: 'ignore' | 'pipe' } | { input: Uint8Array | string } {
  if (input !== undefined) return { input };
  return { stdin: openInput ? 'pipe' : 'ignore' };
}

// stderr goes to a file: a pipe would stay open as long as the process that is left behind.
async function runToExit(argv: readonly string[], options: RunOptions): Promise<RunResult> {
  const { execa } = await import('execa');
  const [command = '', ...args] = argv;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'deploykit-'));
  const log = await open(path.join(folder, 'stderr'), 'w+');
  try {
    const result = await execa(command, args, {
      reject: false,
      stdin: 'ignore',
      stdout: 'ignore',
      stderr: log.fd as never,
      ...(options.signal ? { cancelSignal: options.signal } : {}),
    });
    throwIfAborted(options.signal);
    const stderr = await readFile(path.join(folder, 'stderr'), 'utf8');
    return { exitCode: result.exitCode ?? 127, stdout: '', stderr, all: stderr };
  } finally {
    await log.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Ends the command that a killed run of deploykit left behind, by the record it kept. */
export async function endRecorded(record: string): Promise<void> {
  const command = await readRecord<ProcessIdentity>(record, 'a command that it named may still be at work.');
  if (!command) return;
  if (await isAlive(command)) endProcessGroup(command.pid, 'SIGKILL');
  while (await isAlive(command)) await new Promise((resolve) => setTimeout(resolve, 20));
  await rm(record, { force: true });
}

async function writeRecord(file: string, pid: number): Promise<void> {
  await writeAtomic(file, JSON.stringify((await identify(pid)) ?? { pid, startTime: null }));
}

function endProcessGroup(pid: number, signal: NodeJS.Signals = 'SIGTERM'): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return;
    throw error;
  }
  if (signal === 'SIGTERM') setTimeout(() => endProcessGroup(pid, 'SIGKILL'), GRACE_MS).unref();
}

/**
 * Starts a command that outlives this process, in a session of its own, its output appended to a file.
 * @returns its process id.
 * @throws DeploykitError DK_SERVER_FAILED when it cannot be started at all.
 */
export async function startDetached(
  argv: readonly string[],
  options: { cwd: string; env: Record<string, string>; logFile: string },
): Promise<number> {
  const { execa } = await import('execa');
  const log = await open(options.logFile, 'a', 0o640);
  try {
    const [command = '', ...args] = argv;
    const child = execa(command, args, {
      cwd: options.cwd,
      env: options.env,
      extendEnv: false,
      detached: true,
      cleanup: false,
      reject: false,
      stdin: 'ignore',
      stdout: log.fd as never,
      stderr: log.fd as never,
      buffer: false,
    });
    if (child.pid === undefined) {
      const failed = await child;
      throw new DeploykitError('DK_SERVER_FAILED', `cannot start ${command}`, {
        excerpt: failed.shortMessage ?? '',
      });
    }
    child.unref();
    return child.pid;
  } finally {
    await log.close();
  }
}

/** A command that holds something for as long as its stdin is open. */
export interface Holding {
  /** Its first line; the whole output when it ended instead. */
  line: string;
  /** Null when it runs. */
  exitCode: number | null;
  /** Writes to it. */
  say(text: string): void;
  /** Writes a last word, closes its stdin and waits for its end. */
  release(word: string): Promise<void>;
  /** Resolves when it ended, whoever ended it. */
  ended: Promise<void>;
}

/** Starts a command that holds something and waits for its first line. */
export async function hold(argv: readonly string[]): Promise<Holding> {
  const { execa } = await import('execa');
  const [command = '', ...args] = argv;
  const child = execa(command, args, {
    reject: false,
    stdin: 'pipe',
    all: true,
    detached: true,
    cleanup: true,
  });
  // A write to a command that ended meanwhile: its end is what is heard of.
  child.stdin.on('error', () => undefined);
  const ended = child.then(() => undefined);
  const first = await new Promise<string | null>((resolve) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    child.once('exit', () => resolve(null));
    child.once('error', () => resolve(null));
  });
  const early = first === null ? await child : null;
  return {
    line: first ?? early?.all ?? '',
    exitCode: early ? (early.exitCode ?? 1) : null,
    say: (text) => child.stdin.write(text),
    release: async (word) => {
      child.stdin.end(word);
      await ended;
    },
    ended,
  };
}
