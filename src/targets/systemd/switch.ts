import { throwIfAborted } from '../../errors.js';
import { loadTemplate } from '../../host/templates.js';
import type { Plan } from '../../plan/types.js';
import { socketDropIn } from '../../render/systemd.js';
import type { HostFacts } from './facts.js';
import { waitInstance } from './instance.js';
import type { OnHost } from './on-host.js';
import type { HostPaths } from './paths.js';

interface SwitchInput {
  on: OnHost;
  plan: Plan;
  paths: HostPaths;
  facts: HostFacts;
  release: string;
  socketChanged: boolean;
  seconds: number;
}

/**
 * Starts a release on the public socket, which systemd holds, waits until it serves, and only then stops the others
 * gracefully: at no moment is there nobody to accept. When the new one fails after all, it is stopped and the others
 * never noticed.
 */
export async function switchRelease(input: SwitchInput): Promise<void> {
  const { on, plan, paths, facts, release, seconds } = input;
  const { name } = plan;
  const unit = paths.unit(release);
  const others = facts.active.filter((id) => id !== release);
  throwIfAborted(on.signal);
  on.reporter.step(`${on.host.name}: starting release ${release}`);
  if (input.socketChanged) await stopAll(on, name, others, paths);
  await tieSocket(on, name, release);
  const since = Number((await on.run(['date', '+%s'])).trim());
  try {
    await on.run(['systemctl', 'start', `${name}.socket`]);
    await on.try(['systemctl', 'start', unit]);
    const run = `/run/deploykit-${name}/${release}`;
    await waitInstance({ on, plan, paths, release, unit, run, seconds, settle: 0, since });
  } catch (error) {
    await on.undoing.try(['systemctl', 'stop', '--quiet', unit]);
    if (facts.current) await tieSocket(on.undoing, name, facts.current);
    throw error;
  }
  await makeCurrent(on, name, paths, release);
  if (others.length > 0) on.reporter.step(`${on.host.name}: draining release ${others.join(', ')}`);
  for (const id of others) await on.run(['systemctl', 'stop', paths.unit(id)]);
}

// The drop-in is what a connection wakes when nothing runs, after a reboot for instance.
async function tieSocket(on: OnHost, name: string, release: string): Promise<void> {
  const folder = `/etc/systemd/system/${name}.socket.d`;
  await on.shell(
    'mkdir -p "$1" && cat > "$1/release.conf.new" && mv "$1/release.conf.new" "$1/release.conf" && systemctl daemon-reload',
    [folder],
    { input: socketDropIn(name, release, loadTemplate) },
  );
}

async function makeCurrent(on: OnHost, name: string, paths: HostPaths, release: string): Promise<void> {
  const script = `ln -sfn "releases/$1" "$2.new" && mv -T "$2.new" "$2" && touch "$3/healthy"
for unit in $(systemctl list-unit-files --plain --no-legend --state=enabled "$4@*.service" | awk '{ print $1 }'); do
  [ "$unit" = "$5" ] || systemctl --quiet disable "$unit"
done
systemctl --quiet enable "$4.socket" "$5"`;
  await on.shell(script, [release, paths.current, paths.release(release), name, paths.unit(release)]);
}

async function stopAll(on: OnHost, name: string, ids: string[], paths: HostPaths): Promise<void> {
  for (const id of ids) await on.run(['systemctl', 'stop', paths.unit(id)]);
  await on.run(['systemctl', 'stop', `${name}.socket`]);
}
