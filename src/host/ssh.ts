import { mkdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DeploykitError } from '../errors.js';
import { shellWord } from '../shell-word.js';
import type { Host, HostRunOptions } from './host.js';
import { freePort } from './ports.js';
import { type Holding, hold, type RunResult, run } from './run.js';

const CONNECT_SECONDS = 15;
const KEEP_SECONDS = 60;
// sshd leaves a command running when its connection ends, and the next run would meet it at work. Stdin, which we keep
// open, ends with the connection: then the command and all it started are told to end.
const TETHER = `exec 3<&0
"$@" < /dev/null 3<&- & command=$!
{ cat <&3; kill -TERM 0; } > /dev/null 2>&1 & watcher=$!
exec 3<&-
wait $command; code=$?
kill -KILL $watcher
exit $code`;
// One round trip: who the login is, and whether it can become root. For whatever shell the login has.
const WHO = `sh -c 'id -u; id -un; [ "$(id -u)" = 0 ] || sudo -n true'`;

/**
 * A host over the system's own ssh: the user's configuration, agent, known hosts and jump hosts decide. Everything goes
 * over one connection, kept for a minute, so that a command costs one round trip.
 */
export class SshHost implements Host {
  readonly #options: string[];
  /** `sudo -n` where the login is not root. */
  #become: readonly string[] | undefined;
  #connected: Promise<void> | undefined;

  constructor(
    readonly name: string,
    settings: { configFile?: string | undefined },
  ) {
    this.#options = [
      ...(settings.configFile ? ['-F', settings.configFile] : []),
      ...['-o', 'BatchMode=yes', '-o', `ConnectTimeout=${CONNECT_SECONDS}`],
      ...['-o', 'ServerAliveInterval=5', '-o', 'ServerAliveCountMax=3'],
      ...['-o', `ControlPath=${controlFolder()}/%C`],
    ];
  }

  async run(argv: readonly string[], options: HostRunOptions = {}): Promise<RunResult> {
    await this.#connect(options.signal);
    const tethered = options.input === undefined ? ['sh', '-c', TETHER, 'sh', ...argv] : argv;
    const result = await run(this.#command(tethered), { ...options, openInput: true });
    // 255 is ssh's own: the connection broke (ssh(1), EXIT STATUS). Commands that end so are none of ours.
    if (result.exitCode === 255) {
      this.#connected = undefined;
      throw this.#unreachable(result.stderr);
    }
    return result;
  }

  async hold(argv: readonly string[]): Promise<Holding> {
    await this.#connect();
    const held = await hold(this.#command(argv));
    if (held.exitCode === 255) throw this.#unreachable(held.line);
    return held;
  }

  async forward(address: string, port: number): Promise<{ port: number; close(): Promise<void> }> {
    await this.#connect();
    const local = await freePort('127.0.0.1');
    const rule = `127.0.0.1:${local}:${address}:${port}`;
    const control = (verb: string): Promise<RunResult> =>
      run(['ssh', ...this.#options, '-O', verb, '-L', rule, '--', this.name]);
    const opened = await control('forward');
    if (opened.exitCode !== 0) throw this.#unreachable(opened.stderr);
    return {
      port: local,
      close: async () => {
        await control('cancel');
      },
    };
  }

  #command(argv: readonly string[]): string[] {
    const remote = [...(this.#become ?? []), ...argv].map(shellWord).join(' ');
    return ['ssh', ...this.#options, '-T', '--', this.name, remote];
  }

  #connect(signal?: AbortSignal): Promise<void> {
    this.#connected ??= this.#open(signal);
    return this.#connected;
  }

  async #open(signal: AbortSignal | undefined): Promise<void> {
    await mkdir(controlFolder(), { recursive: true, mode: 0o700 });
    const options = signal ? { signal } : {};
    const there = await run(['ssh', ...this.#options, '-O', 'check', '--', this.name], options);
    if (there.exitCode !== 0) {
      // -f: in the background once the login succeeded; it leaves by itself when nothing used it for a while.
      const master = ['-o', 'ControlMaster=yes', '-o', `ControlPersist=${KEEP_SECONDS}`, '-fN'];
      const opened = await run(['ssh', ...this.#options, ...master, '--', this.name], {
        ...options,
        background: true,
      });
      if (opened.exitCode !== 0) throw this.#unreachable(opened.stderr);
    }
    const asked = await run(['ssh', ...this.#options, '-T', '--', this.name, WHO], options);
    const [uid, user = ''] = asked.stdout.trim().split('\n');
    if (!uid) throw this.#unreachable(asked.stderr);
    if (asked.exitCode !== 0) throw this.#refused(user, asked.stderr);
    this.#become = uid === '0' ? [] : ['sudo', '-n', '--'];
  }

  // Releases are put in place by small scripts, which `sh` runs: a narrower line would promise what it does not keep.
  #refused(user: string, stderr: string): DeploykitError {
    return new DeploykitError(
      'DK_SUDO_REFUSED',
      `${this.name}: ${user} may not use sudo without a password`,
      {
        excerpt: stderr.trim(),
        hint: `On the host, with visudo -f /etc/sudoers.d/deploykit, this line: ${user} ALL=(root) NOPASSWD: ALL`,
      },
    );
  }

  #unreachable(stderr: string): DeploykitError {
    return new DeploykitError('DK_HOST_UNREACHABLE', `${this.name} cannot be reached over ssh`, {
      excerpt: stderr.trim(),
      hint: `Make this work first: ssh ${this.name} true`,
    });
  }
}

// Short: the name of a socket in it must fit 104 bytes.
function controlFolder(): string {
  return path.join(process.env['XDG_RUNTIME_DIR'] ?? os.tmpdir(), `deploykit-ssh-${process.getuid?.() ?? 0}`);
}
