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

  /** Runs and resolves whatever the exit code. @throws DeploykitError DK_HOST_FULL. */
  async try(argv: readonly string[], options: HostRunOptions = {}): Promise<RunResult> {
    const result = await this.host.run(argv, { signal: this.signal, ...options });
    if (result.exitCode !== 0 && FULL.test(result.all)) throw full(this.host.name, result.all);
    return result;
  }

  /** Runs; @throws DeploykitError DK_HOST_FAILED with what the command said. */
  async run(argv: readonly string[], options: HostRunOptions = {}): Promise<string> {
    const result = await this.try(argv, options);
    if (result.exitCode === 0) return result.stdout;
    throw this.failed(argv.slice(0, 2).join(' '), result);
  }

  /** The error of a command that failed. */
  failed(what: string, result: RunResult): DeploykitError {
    return new DeploykitError('DK_HOST_FAILED', `${this.host.name}: ${what} failed (${result.exitCode})`, {
      excerpt: lastLines(result.all),
      hint: 'Its own words are above. Which release serves: deploykit status',
    });
  }

  /** Runs a small shell script; its arguments are `$1`, `$2`, … and never part of the text. */
  shell(script: string, args: readonly string[], options: HostRunOptions = {}): Promise<string> {
    return this.run(['sh', '-euc', script, 'sh', ...args], options);
  }

  /** Writes a file, whole or not at all: what a connection that broke cut short is not taken for the end of it. */
  async put(path: string, contents: string | Buffer, mode: string): Promise<void> {
    const input = typeof contents === 'string' ? Buffer.from(contents) : contents;
    await this.shell(PUT, [path, String(input.length), mode], { input });
  }
}

const PUT = `mkdir -p "\${1%/*}"; umask 077
trap 'rm -f "$1.new"' EXIT
cat > "$1.new"
[ "$(wc -c < "$1.new")" -eq "$2" ]
chmod "$3" "$1.new"
mv "$1.new" "$1"`;

// strerror(3) of ENOSPC and EDQUOT in the C locale, which commands over ssh run in unless the user's differs.
const FULL = /No space left on device|Disk quota exceeded/;

function full(host: string, output: string): DeploykitError {
  return new DeploykitError('DK_HOST_FULL', `${host}: no space is left on its disk`, {
    excerpt: lastLines(output),
    hint: 'What served goes on serving. See what is full with "df -h; df -i", make room or keep fewer releases ([target.NAME] keep), then deploykit up.',
  });
}

/** What a command said last, as much as a screen shows. */
export function lastLines(output: string): string {
  return output.trim().split('\n').slice(-20).join('\n');
}
