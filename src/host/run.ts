import { open } from 'node:fs/promises';
import { DeploykitError, throwIfAborted } from '../errors.js';

export interface RunOptions {
  cwd?: string;
  /** The whole environment of the command, when given. */
  env?: Record<string, string>;
  signal?: AbortSignal;
  /** Called for each line of stdout and stderr as it comes. */
  onLine?: (line: string) => void;
  /** ms. */
  timeoutMs?: number;
}

export interface RunResult {
  /** 127 when the command was not found. */
  exitCode: number;
  stdout: string;
  stderr: string;
  /** stdout and stderr as they came. */
  all: string;
}

/**
 * Runs a command, never through a shell; resolves whatever its exit code.
 * @throws DeploykitError DK_INTERRUPTED when the signal fires (the command's whole process group is ended first).
 */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  throwIfAborted(options.signal);
  const { execa } = await import('execa');
  const [command = '', ...args] = argv;
  const child = execa(command, args, {
    ...(options.cwd ? { cwd: options.cwd } : {}),
    ...(options.env ? { env: options.env, extendEnv: false } : {}),
    ...(options.timeoutMs ? { timeout: options.timeoutMs } : {}),
    ...(options.signal ? { cancelSignal: options.signal } : {}),
    reject: false,
    all: true,
    stdin: 'ignore',
    buffer: true,
    forceKillAfterDelay: 3000,
  });
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
