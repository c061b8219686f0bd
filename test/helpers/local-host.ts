import { DeploykitError } from '../../src/errors.js';
import type { Host, HostRunOptions } from '../../src/host/host.js';
import { hold, run } from '../../src/host/run.js';
import { OnHost } from '../../src/targets/systemd/on-host.js';

/** This machine as a host, as the user who runs the tests; a prefix makes it a container of this machine. */
export class LocalHost implements Host {
  constructor(
    readonly name = 'here',
    readonly prefix: readonly string[] = [],
  ) {}

  run(argv: readonly string[], options: HostRunOptions = {}): ReturnType<Host['run']> {
    return run([...this.prefix, ...argv], options);
  }

  meet(script: string, args: readonly string[]): ReturnType<Host['meet']> {
    return this.run(['sh', '-s', '--', ...args], { input: script });
  }

  hold(argv: readonly string[]): ReturnType<Host['hold']> {
    return hold([...this.prefix, ...argv]);
  }

  forward(): Promise<never> {
    throw new DeploykitError('DK_HOST_UNREACHABLE', 'this machine needs no tunnel');
  }
}

/** A host with a reporter that keeps what it is told. */
export function onHost(host: Host = new LocalHost()): { on: OnHost; steps: string[] } {
  const steps: string[] = [];
  const reporter = { step: (text: string) => void steps.push(text), detail: () => {}, warn: () => {} };
  return { on: new OnHost(host, reporter, new AbortController().signal), steps };
}
