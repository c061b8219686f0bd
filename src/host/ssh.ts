import { DeploykitError } from '../errors.js';
import { shellWord } from '../shell-word.js';
import type { Host, HostRunOptions } from './host.js';
import { type Holding, hold, type RunResult, run } from './run.js';
import { type Forwarding, SSH_FAILED, SshConnection } from './ssh-connection.js';

// sshd leaves a command running when its connection ends, and the next run would meet it at work. Stdin, which we keep
// open, ends with the connection: then the command and all it started are told to end.
const TETHER = `exec 3<&0
"$@" < /dev/null 3<&- & command=$!
{ cat <&3; kill -TERM 0; } > /dev/null 2>&1 & watcher=$!
exec 3<&-
wait $command; code=$?
kill -KILL $watcher
exit $code`;
// A hardened machine gives a login the umask 027 or 077; what is made there is for the service's user to read.
const UMASK = 'umask 022\n';
// Who the login is, and whether it can become root; a script of somebody else's may follow.
const WHO = 'id -u; id -un; [ "$(id -u)" = 0 ] || sudo -n true < /dev/null || exit 77\n';
const MEETING_MS = 60_000;
const NOT_ROOT = 77;

/** A host over the system's own ssh. */
export class SshHost implements Host {
  readonly #ssh: SshConnection;
  /** `sudo -n` where the login is not root. */
  #become: readonly string[] | undefined;
  #connected: Promise<void> | undefined;

  constructor(
    readonly name: string,
    settings: { configFile?: string | undefined },
  ) {
    this.#ssh = new SshConnection(name, settings);
  }

  async run(argv: readonly string[], options: HostRunOptions = {}): Promise<RunResult> {
    await this.#connect(options.signal);
    const script = UMASK + (options.input === undefined ? TETHER : 'exec "$@"');
    const line = this.#command(['sh', '-c', script, 'sh', ...argv]);
    const result = await run(line, { ...options, openInput: true });
    if (result.exitCode === SSH_FAILED) throw this.#lost(result.stderr);
    return result;
  }

  async hold(argv: readonly string[]): Promise<Holding> {
    await this.#connect();
    const held = await hold(this.#command(['sh', '-c', `${UMASK}exec "$@"`, 'sh', ...argv]));
    if (held.exitCode === SSH_FAILED) throw this.#lost(held.line);
    return held;
  }

  async forward(address: string, port: number): Promise<Forwarding> {
    await this.#connect();
    return this.#ssh.forward(address, port);
  }

  #command(argv: readonly string[]): string[] {
    return this.#ssh.argv([...(this.#become ?? []), ...argv].map(shellWord).join(' '));
  }

  #connect(signal?: AbortSignal): Promise<void> {
    this.#connected ??= this.meet('', [], signal).then(() => undefined);
    return this.#connected;
  }

  async meet(script: string, args: readonly string[], signal?: AbortSignal): Promise<RunResult> {
    await this.#ssh.open(signal);
    const line = this.#ssh.argv(['sh', '-s', '--', ...args].map(shellWord).join(' '));
    const met = await run(line, {
      input: WHO + script,
      timeoutMs: MEETING_MS,
      ...(signal ? { signal } : {}),
    });
    const [uid, user = '', ...rest] = met.stdout.split('\n');
    if (!uid || met.exitCode === SSH_FAILED) throw this.#lost(met.stderr);
    if (met.exitCode === NOT_ROOT) throw this.#refused(user, met.stderr);
    this.#become = uid === '0' ? [] : ['sudo', '-n', '--'];
    this.#connected ??= Promise.resolve();
    return { ...met, stdout: rest.join('\n') };
  }

  #lost(stderr: string): DeploykitError {
    this.#connected = undefined;
    return this.#ssh.lost(stderr);
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
}
