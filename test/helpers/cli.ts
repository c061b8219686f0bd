import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const CLI = path.join(ROOT, 'dist/cli.js');

export interface CliResult {
  exitCode: number | null;
  stdout: string;
  stderr: string;
  /** ms. */
  took: number;
  /** The JSON document, when --json was given. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into documents of every command
  json: any;
}

export interface CliOptions {
  cwd?: string;
  env?: Record<string, string | undefined>;
  /** Called with each piece of stderr: the tests of interrupts wait for a step there. */
  onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
  /** The same with stdout: for answers that have no end of their own. */
  onStdout?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
}

/** Runs the built command line as a user would; never throws for an exit code. */
export async function cli(args: string[], options: CliOptions = {}): Promise<CliResult> {
  const began = performance.now();
  const env: Record<string, string | undefined> = { ...process.env, NO_COLOR: '1', ...options.env };
  env['DEPLOYKIT_CACHE'] ??= path.join(ROOT, '.cache');
  for (const [name, value] of Object.entries(env)) if (value === undefined) delete env[name];
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: options.cwd ?? ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    options.onStdout?.(stdout, (signal) => child.kill(signal));
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    options.onStderr?.(stderr, (signal) => child.kill(signal));
  });
  const [exitCode] = (await once(child, 'close')) as [number | null];
  const json = args.includes('--json') && stdout.trim() !== '' ? JSON.parse(stdout) : null;
  return { exitCode, stdout, stderr, took: performance.now() - began, json };
}
