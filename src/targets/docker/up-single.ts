import { throwIfAborted } from '../../errors.js';
import { removeContainer } from './container.js';
import { commandOptions, createOptions } from './create-options.js';
import { needsNewSet } from './drift/mend.js';
import { readDrift } from './drift/read-drift.js';
import { removeFront } from './front/front.js';
import { pruneImages } from './images.js';
import { LABEL } from './labels.js';
import { objectNames } from './names.js';
import { type Operator, underLock } from './release/change.js';
import type { Deployed } from './release/deployed.js';
import { runReleaseCommand } from './release/release-command.js';
import { removeSet } from './release/retire.js';
import type { Update } from './release/types.js';
import { switchTo } from './switch.js';

type SingleUpdate = Omit<Update, 'front' | 'frontImage'>;

/** Whether the one container that has the port is exactly this, running, and alone. */
export function isSingleUpToDate(update: SingleUpdate, { single, front, sets }: Deployed): boolean {
  if (!single?.State.Running || front || sets.length > 0) return false;
  const labels = single.Config.Labels ?? {};
  const wanted = createOptions({ ...update, role: 'server' }).Labels ?? {};
  return [LABEL.config, LABEL.release].every((key) => labels[key] === wanted[key]);
}

/** Everything of an update without a front, under the engine's lock: it interrupts, and says so. */
export async function applySingle(operator: Operator, update: SingleUpdate, seconds: number): Promise<void> {
  const { plan, release, image } = update;
  await underLock(operator, { image, command: `up ${release}`, seconds }, async (change, deployed) => {
    const drift = await readDrift(change.docker, deployed, { ...update, front: null, frontImage: null });
    if (isSingleUpToDate(update, deployed) && !needsNewSet(update.plan.name, drift)) return;
    const { docker, name, reporter, signal } = change;
    const own = objectNames(name).single;
    await removeContainer(docker, `${own}-next`); // left by a run that was killed
    const command = plan.container?.releaseCommand;
    const known = deployed.single?.Config.Labels?.[LABEL.release] === release;
    if (command && !known) await runReleaseCommand(change, commandOptions(update, command), command);
    throwIfAborted(signal);
    const old = deployed.single ?? deployed.front;
    const [create, trial] = [
      createOptions({ ...update, role: 'server' }),
      createOptions({ ...update, role: 'trial' }),
    ];
    await switchTo({ docker, name: own, old, create, trial, plan, reporter, signal, seconds });
    for (const { replicas } of deployed.sets)
      await removeSet(
        docker,
        replicas.map(({ Id }) => Id),
      );
    if (deployed.front) await removeFront(docker, name, true);
    await pruneImages(docker, name, [image, old?.Config.Image ?? image]);
  });
}
