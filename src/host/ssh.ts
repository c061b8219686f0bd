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
// One round trip: who the login is, and whether it can become root. For whatever shell the login has.
const WHO = `sh -c 'id -u; id -un; [ "$(id -u)" = 0 ] || sudo -n true'`;

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
    const tethered = options.input === undefined ? ['sh', '-c', TETHER, 'sh', ...argv] : argv;
    const result = await run(this.#command(tethered), { ...options, openInput: true });
    if (result.exitCode === SSH_FAILED) throw this.#lost(result.stderr);
    return result;
  }

  async hold(argv: readonly string[]): Promise<Holding> {
    await this.#connect();
    const held = await hold(this.#command(argv));
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
    this.#connected ??= this.#open(signal);
    return this.#connected;
  }

  async #open(signal: AbortSignal | undefined): Promise<void> {
    await this.#ssh.open(signal);
    const asked = await run(this.#ssh.argv(WHO), signal ? { signal } : {});
    const [uid, user = ''] = asked.stdout.trim().split('\n');
    if (!uid) throw this.#lost(asked.stderr);
    if (asked.exitCode !== 0) throw this.#refused(user, asked.stderr);
    this.#become = uid === '0' ? [] : ['sudo', '-n', '--'];
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
