import { throwIfAborted } from '../../errors.js';
import type { Plan } from '../../plan/types.js';
import { changePart } from './change.js';
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
  seconds: number;
}

/**
 * Starts a release on the public socket, which systemd holds, waits until it serves, and only then stops the others
 * gracefully: at no moment is there nobody to accept. When the new one fails after all, the others never noticed.
 */
export async function switchRelease({
  on,
  plan,
  paths,
  facts,
  release,
  seconds,
}: SwitchInput): Promise<void> {
  const { name } = plan;
  const others = facts.active.filter((id) => id !== release);
  throwIfAborted(on.signal);
  on.reporter.step(`${on.host.name}: starting release ${release}`);
  const since = Number((await changePart(on, 'start', name, [release])).trim());
  const run = `/run/deploykit-${name}/${release}`;
  const unit = paths.unit(release);
  await waitInstance({ on, plan, paths, release, unit, run, seconds, settle: 0, since });
  if (others.length > 0) on.reporter.step(`${on.host.name}: draining release ${others.join(', ')}`);
  await changePart(on, 'finish', name, [release, String(plan.service?.keep ?? 5)]);
}
