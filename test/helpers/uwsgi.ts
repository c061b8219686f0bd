import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { run } from '../../src/host/run.js';
import { findPython } from '../../src/targets/process/python.js';
import { uwsgiWheel } from '../../src/targets/process/uwsgi-wheel.js';
import { ROOT } from './cli.js';
import { tempProject } from './temp.js';

/** Debian's uWSGI 2.0.21, whose plugins are files. */
export const DEBIAN_UWSGI = '/usr/bin/uwsgi-core';

/** The uWSGI that deploykit builds, with gevent beside it, in the checkout's cache. */
export async function pipUwsgi(): Promise<string> {
  const venv = path.join(ROOT, '.cache/uwsgi-real');
  const [binary, pip] = [path.join(venv, 'bin/uwsgi'), path.join(venv, 'bin/pip')];
  if (existsSync(binary)) return binary;
  process.env['DEPLOYKIT_CACHE'] ??= path.join(ROOT, '.cache');
  const env = process.env as Record<string, string>;
  const python = await findPython(null, (argv) => run(argv, { env, timeoutMs: 60_000 }));
  execFileSync(python.executable, ['-m', 'venv', venv]);
  const reporter = { step: () => undefined, detail: () => undefined, warn: () => undefined };
  const signal = new AbortController().signal;
  const wheel = await uwsgiWheel({ python, pip, env, reporter, signal, record: `${venv}.running` });
  execFileSync(pip, ['install', '--quiet', wheel, 'gevent']);
  return binary;
}

export interface Boot {
  booted: boolean;
  log: string;
}

const APP = `
def application(environ, start_response):
    start_response("200 OK", [])
    return [b"ok"]
app = application
`;
const DEADLINE_MS = 8_000;
/** A worker that cannot run ends within this time of its first line. */
const STAYS_MS = 400;
const FAILS = /Respawned uWSGI worker|gateway "[^"]+" has been buried|requires async mode/;

/**
 * Starts a server from an ini under strict in a folder of its own and says whether it came up: a worker was spawned and
 * stays. A socket stands at descriptor 3. Whatever it started is ended, also what left its group.
 */
export async function boot(binary: string, name: string, text: string): Promise<Boot> {
  const dir = tempProject({ 'app.py': APP }, { keep: false });
  chmodSync(dir, 0o755);
  const file = path.join(dir, `${name}.ini`);
  // Whether another user can read the interpreter is not the question.
  writeFileSync(file, (await freePorts(text)).replace(/^uid = nobody$/m, ''));
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const handle = (server as unknown as { _handle: { fd: number } })._handle.fd;
  const start = 'LISTEN_PID=$$ exec "$@"';
  const env = /^protocol/m.test(text) ? { ...process.env, LISTEN_FDS: '1' } : process.env;
  const child = spawn('sh', ['-c', start, 'sh', binary, '--strict', '--ini', file], {
    cwd: dir,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', handle],
  });
  try {
    const result = await outcome(child);
    if (result) return result;
    return /^daemonize/m.test(text)
      ? await daemon(path.join(dir, 'uwsgi.log'))
      : { booted: false, log: 'it ended' };
  } finally {
    endAllIn(dir);
    server.close();
  }
}

// null: the process ended well, and what it started is a daemon or nothing.
function outcome(child: ChildProcess): Promise<Boot | null> {
  return new Promise((resolve) => {
    let log = '';
    let stays: NodeJS.Timeout | undefined;
    const done = (booted: boolean): void => {
      clearTimeout(stays);
      clearTimeout(deadline);
      resolve({ booted, log });
    };
    const deadline = setTimeout(() => done(false), DEADLINE_MS);
    const read = (data: Buffer): void => {
      log += data;
      if (FAILS.test(log)) done(false);
      else if (/spawned uWSGI worker/.test(log)) stays ??= setTimeout(() => done(true), STAYS_MS);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.on('exit', (code) => {
      if (code !== 0) done(false);
      else resolve(null);
    });
  });
}

async function daemon(log: string): Promise<Boot> {
  const end = Date.now() + DEADLINE_MS;
  while (Date.now() < end) {
    const text = existsSync(log) ? readFileSync(log, 'utf8') : '';
    if (/spawned uWSGI worker/.test(text)) return { booted: true, log: text };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { booted: false, log: 'no daemon' };
}

// Two ports of the corpus are the same where they stand for the same.
async function freePorts(text: string): Promise<string> {
  const ports = new Map<string, number>();
  for (const [port] of text.matchAll(/\b150\d\d\b/g)) if (!ports.has(port)) ports.set(port, await freePort());
  return text.replace(/\b150\d\d\b/g, (port) => String(ports.get(port) ?? port));
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

// By the folder they work in: a daemon has a session of its own.
function endAllIn(dir: string): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (readlinkSync(`/proc/${pid}/cwd`) === dir) process.kill(Number(pid), 'SIGKILL');
    } catch (error) {
      // It ended meanwhile, or is another user's.
      if (!['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? ''))
        throw error;
    }
  }
}

/** What a uWSGI says it read from an ini (`--show-config`); it is ended before it does anything. */
export async function shownConfig(
  binary: string,
  text: string,
): Promise<{ config: [string, string][]; file: string }> {
  const dir = tempProject({ 'uwsgi.ini': text });
  const file = path.join(dir, 'uwsgi.ini');
  const child = spawn(binary, ['--show-config', '--ini', file], {
    cwd: dir,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  try {
    await new Promise<void>((resolve) => {
      child.stderr.setEncoding('utf8').on('data', (data: string) => {
        log += data;
        if (log.includes(';end of configuration')) resolve();
      });
      child.on('close', () => resolve());
    });
  } finally {
    endAllIn(dir);
  }
  const [, shown = ''] =
    /;uWSGI instance configuration\n\[uwsgi\]\n([\s\S]*?);end of configuration/.exec(log) ?? [];
  // The flag itself and the name of the file come first.
  const lines = shown.split('\n').filter((line) => line !== '');
  const pairs = lines.map((line): [string, string] => {
    const at = line.indexOf(' = ');
    return [line.slice(0, at), line.slice(at + 3)];
  });
  return { config: pairs.filter(([key]) => key !== 'show-config' && key !== 'ini'), file };
}

/** Does the work for each item, four at once. */
export async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items];
  const worker = async (): Promise<void> => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: 4 }, worker));
}
