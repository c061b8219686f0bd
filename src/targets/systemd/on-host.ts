import { DeploykitError } from '../../errors.js';
import type { Host, HostRunOptions } from '../../host/host.js';
import type { RunResult } from '../../host/run.js';
import type { Reporter } from '../target.js';

/** A host with what every step needs: where to report, and the signal that ends it. */
export class OnHost {
  constructor(
    readonly host: Host,
    readonly reporter: Reporter,
    readonly signal: AbortSignal,
  ) {}

  /** The same host for steps that undo: an interrupt, which is often why they run, does not stop them. */
  get undoing(): OnHost {
    return new OnHost(this.host, this.reporter, new AbortController().signal);
  }

  /** Runs and resolves whatever the exit code. */
  try(argv: readonly string[], options: HostRunOptions = {}): Promise<RunResult> {
    return this.host.run(argv, { signal: this.signal, ...options });
  }

  /** Runs; @throws DeploykitError DK_HOST_FAILED with what the command said. */
  async run(argv: readonly string[], options: HostRunOptions = {}): Promise<string> {
    const result = await this.try(argv, options);
    if (result.exitCode === 0) return result.stdout;
    throw new DeploykitError(
      'DK_HOST_FAILED',
      `${this.host.name}: ${argv.slice(0, 2).join(' ')} failed (${result.exitCode})`,
      {
        excerpt: result.all.trim().split('\n').slice(-20).join('\n'),
        hint: 'Its own words are above; nothing was switched.',
      },
    );
  }

  /** Runs a small shell script; its arguments are `$1`, `$2`, … and never part of the text. */
  shell(script: string, args: readonly string[], options: HostRunOptions = {}): Promise<string> {
    return this.run(['sh', '-euc', script, 'sh', ...args], options);
  }
}
