import type { Holding, RunOptions, RunResult } from './run.js';

export type HostRunOptions = Pick<RunOptions, 'input' | 'onLine' | 'signal' | 'timeoutMs'>;

/** A machine that commands run on, as root. */
export interface Host {
  /** As the user names it: an ssh destination. */
  readonly name: string;
  /** Runs an argument list, which ends with the connection; resolves whatever its exit code. @throws DeploykitError DK_HOST_UNREACHABLE. */
  run(argv: readonly string[], options?: HostRunOptions): Promise<RunResult>;
  /**
   * Runs a script of the shell, which needs no root, on first contact: in the same round trip it is found out who the
   * login is and whether it can become root. Resolves whatever its exit code.
   * @throws DeploykitError DK_HOST_UNREACHABLE, DK_SUDO_REFUSED.
   */
  meet(script: string, args: readonly string[], signal?: AbortSignal): Promise<RunResult>;
  /** Starts a command that holds something until released; it also ends when the connection does. */
  hold(argv: readonly string[]): Promise<Holding>;
  /** Forwards a loopback port of this machine to an address on the host, until closed. */
  forward(address: string, port: number): Promise<{ port: number; close(): Promise<void> }>;
}
