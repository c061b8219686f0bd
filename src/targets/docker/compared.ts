import { unsetSecrets } from '../environment.js';
import type { Deployment, Drift } from '../target.js';
import { imageId } from './base-image.js';
import { readDrift } from './drift/read-drift.js';
import { ownerOn } from './labels.js';
import type { Operator } from './release/change.js';
import { type Deployed, readDeployed } from './release/deployed.js';
import type { Wanted } from './release/types.js';
import { wantedRelease } from './wanted.js';

/** What an engine has beside what a deployment wants of it. */
export interface Compared {
  deployed: Deployed;
  /** null: the base image is not on the engine, or a secret is not set. */
  wanted: Wanted | null;
  drift: Drift[];
}

/** Reads an engine without changing it. Warns when a secret is not set. */
export async function compared(operator: Operator, deployment: Deployment): Promise<Compared> {
  const { docker } = operator.engine;
  const { name, dir } = operator.context.project;
  const deployed = await readDeployed(docker, name, dir);
  const wanted = await wantedIfKnown(operator, deployment);
  return { deployed, wanted, drift: wanted ? await readDrift(docker, deployed, wanted) : [] };
}

// Without the base image on the engine no release is known, and none can be there.
async function wantedIfKnown({ engine, context }: Operator, deployment: Deployment): Promise<Wanted | null> {
  const { dir } = context.project;
  const unset = unsetSecrets(deployment.plan);
  if (unset.length > 0) {
    const names = unset.join(', ');
    context.reporter.warn(`without the secrets ${names} it is not known whether what runs is the same`);
    return null;
  }
  const base = await imageId(engine.docker, deployment.plan.image?.base ?? '');
  return base === null ? null : wantedRelease(deployment, dir, ownerOn(engine, dir), base);
}
