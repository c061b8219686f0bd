import type { HostFacts } from './facts.js';
import type { OnHost } from './on-host.js';
import type { HostPaths } from './paths.js';

// Below /srv everything is var_t, which init may not execute. The rule is kept, so that a relabelling keeps it too.
const LABEL = `rule="$1/(venvs|releases)/[^/]+/(venv/)?bin(/.*)?"
semanage fcontext -a -t bin_t "$rule" 2>/dev/null || semanage fcontext -m -t bin_t "$rule"
restorecon -R "$1" "$2" /etc/systemd/system`;

/** Whether a host has SELinux switched on, if only to write down what it would refuse. */
export function hasSelinux({ selinux }: Pick<HostFacts, 'selinux'>): boolean {
  return selinux === 'Enforcing' || selinux === 'Permissive';
}

/** Gives the files of a deployment the contexts under which its service may run them, where there is SELinux. */
export async function labelFiles(on: OnHost, paths: HostPaths, facts: HostFacts): Promise<void> {
  if (!hasSelinux(facts)) return;
  if (!facts.hasSemanage) {
    await on.run(['restorecon', '-R', paths.root, paths.etc, '/etc/systemd/system']);
    return;
  }
  on.reporter.step(`${on.host.name}: labelling files for SELinux`);
  await on.shell(LABEL, [paths.root, paths.etc]);
}
