import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { ROOT } from './cli.js';

const SCRIPT = path.join(ROOT, 'test/rigs/vm/vm.sh');
// Below the time that a test has: what hangs is named by its command.
const SH_TIMEOUT_MS = 240_000;

export interface Vm {
  /** An ssh configuration with the hosts `vm` (root) and `vm-deploy` (sudo). */
  config: string;
  /** Runs a shell command as root; stdout trimmed. */
  sh(command: string): string;
  /** Ends it, its disk with it. */
  kill(): void;
}

/** A clean VM from the snapshot. */
export function startVm(...options: ('--no-compiler' | '--offline')[]): Vm {
  const instance = `test-${process.pid}-${Math.floor(performance.now())}`;
  const { config } = JSON.parse(
    execFileSync(SCRIPT, ['start', ...options, instance], { encoding: 'utf8' }),
  ) as {
    config: string;
  };
  return {
    config,
    sh: (command) => {
      const options = { encoding: 'utf8', timeout: SH_TIMEOUT_MS } as const;
      return execFileSync('ssh', ['-F', config, 'vm', command], options).trim();
    },
    kill: () => {
      execFileSync(SCRIPT, ['kill', instance], { stdio: 'ignore' });
    },
  };
}

/** The target section of a project file for that VM; it installs from the wheelhouse that lies there. */
export function vmTarget(
  vm: Vm,
  host = 'vm',
  from = 'wheelhouse = "/var/cache/deploykit/wheelhouse"',
): string {
  return `[target.vm]\nkind = "systemd"\nhosts = ["${host}"]\nssh_config = "${vm.config}"\n${from}\n`;
}
