import { lstat, mkdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DeploykitError } from '../errors.js';
import { startPiped } from './pipe.js';
import { freePort } from './ports.js';
import { type Dialled, openRelay, type Relay } from './relay.js';
import { type RunResult, run } from './run.js';

const CONNECT_SECONDS = 15;
const KEEP_SECONDS = 60;
/** ssh's own exit code: the connection broke (ssh(1), EXIT STATUS). Commands that end so are none of ours. */
export const SSH_FAILED = 255;

// The number of the next relay of this process.
let relays = 0;

/** How to reach a machine, beyond its name; the user's own ssh configuration decides the rest. */
export interface SshSettings {
  configFile?: string | undefined;
  user?: string | undefined;
  port?: number | undefined;
}

/** A port of this machine that leads elsewhere, until closed. */
export interface Forwarding {
  port: number;
  close(): Promise<void>;
}

/**
 * A connection over the system's own ssh: the user's configuration, agent, known hosts and jump hosts decide. Everything
 * goes over one, kept for a minute, so that a command costs one round trip.
 */
export class SshConnection {
  readonly #options: string[];
  #opened: Promise<void> | undefined;

  constructor(
    readonly name: string,
    { configFile, user, port }: SshSettings,
  ) {
    this.#options = [
      ...(configFile ? ['-F', configFile] : []),
      ...(user ? ['-l', user] : []),
      ...(port ? ['-p', String(port)] : []),
      ...['-o', 'BatchMode=yes', '-o', `ConnectTimeout=${CONNECT_SECONDS}`],
      ...['-o', 'ServerAliveInterval=5', '-o', 'ServerAliveCountMax=3'],
      ...['-o', `ControlPath=${controlFolder()}/%C`],
    ];
  }

  /** Connects, unless that is done. @throws DeploykitError DK_HOST_UNREACHABLE with ssh's own words. */
  open(signal?: AbortSignal): Promise<void> {
    this.#opened ??= this.#open(signal);
    return this.#opened;
  }

  /** The argument list that runs a command line there, by the login's shell. */
  argv(line: string): string[] {
    return ['ssh', ...this.#options, '-T', '--', this.name, line];
  }

  /**
   * A unix socket of this machine whose every connection is a command line there, with its stdin and stdout.
   * @param explain why a connection is lost when the command failed.
   */
  async relay(line: string, explain: (exitCode: number, stderr: string) => Error): Promise<Relay> {
    const file = path.join(await ownFolder(), `${process.pid}-${relays++}.sock`);
    return openRelay(file, () => this.#dial(line, explain));
  }

  async forward(address: string, port: number): Promise<Forwarding> {
    await this.open();
    const local = await freePort('127.0.0.1');
    const target = address.includes(':') ? `[${address}]` : address;
    const rule = `127.0.0.1:${local}:${target}:${port}`;
    const control = (verb: string): Promise<RunResult> =>
      run(['ssh', ...this.#options, '-O', verb, '-L', rule, '--', this.name]);
    const opened = await control('forward');
    if (opened.exitCode !== 0) throw this.lost(opened.stderr);
    return {
      port: local,
      close: async () => {
        await control('cancel');
      },
    };
  }

  /** The error of a connection that is not there, or not any more; the next use makes a new one. */
  lost(stderr: string): DeploykitError {
    this.#opened = undefined;
    return new DeploykitError('DK_HOST_UNREACHABLE', `${this.name} cannot be reached over ssh`, {
      excerpt: stderr.trim(),
      hint: `Make this work first: ${this.#byHand()}`,
    });
  }

  async #dial(line: string, explain: (exitCode: number, stderr: string) => Error): Promise<Dialled> {
    await this.open();
    const { ended, ...piped } = await startPiped(this.argv(line));
    const why = ended.then(({ exitCode, stderr }) => {
      if (exitCode === 0) return null;
      return exitCode === SSH_FAILED ? this.lost(stderr) : explain(exitCode, stderr);
    });
    return { ...piped, ended: why };
  }

  #byHand(): string {
    const own = this.#options.slice(0, this.#options.indexOf('-o'));
    return ['ssh', ...own, this.name, 'true'].join(' ');
  }

  async #open(signal: AbortSignal | undefined): Promise<void> {
    await ownFolder();
    const options = signal ? { signal } : {};
    const there = await run(['ssh', ...this.#options, '-O', 'check', '--', this.name], options);
    if (there.exitCode === 0) return;
    // -f: in the background once the login succeeded; it leaves by itself when nothing used it for a while.
    const master = ['-o', 'ControlMaster=yes', '-o', `ControlPersist=${KEEP_SECONDS}`, '-fN'];
    const opened = await run(['ssh', ...this.#options, ...master, '--', this.name], {
      ...options,
      background: true,
    });
    if (opened.exitCode !== 0) throw this.lost(opened.stderr);
  }
}

// Short: the name of a socket in it must fit 104 bytes.
function controlFolder(): string {
  return path.join(process.env['XDG_RUNTIME_DIR'] ?? os.tmpdir(), `deploykit-ssh-${process.getuid?.() ?? 0}`);
}

// Whoever can write there can take over connections.
async function ownFolder(): Promise<string> {
  const folder = controlFolder();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = await lstat(folder);
  if (uid === process.getuid?.() && (mode & 0o077) === 0) return folder;
  throw new DeploykitError('DK_HOST_UNREACHABLE', `${folder} is open to other users of this machine`, {
    hint: `The sockets of ssh connections lie there. Remove it: rm -r ${folder}`,
  });
}
