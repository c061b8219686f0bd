import { hashSource, readSource } from '../../host/source.js';
import { DEFAULT_IGNORE, secretPaths } from '../../plan/ignore.js';
import { appEnvironment } from '../environment.js';
import { releaseId } from '../release.js';
import type { Deployment } from '../target.js';
import { certificateFiles, certificatePaths } from './front/certificate.js';
import { frontTag } from './front/front-image.js';
import type { Deployed } from './release/deployed.js';
import type { Wanted } from './release/types.js';
import { isUpToDate } from './release/update.js';
import { isSingleUpToDate } from './up-single.js';

/**
 * The release that a deployment is on an engine, with its environment.
 * @param owner as ownerOn.
 * @param base id of the base image.
 * @throws DeploykitError DK_CONFIG_INVALID for a secret that is not set.
 */
export async function wantedRelease(
  { plan, artefacts, folder }: Deployment,
  projectDir: string,
  owner: string,
  base: string,
): Promise<Wanted> {
  const tls = plan.front?.tls ?? null;
  const env = await appEnvironment(plan, projectDir);
  const certificate = await certificateFiles(tls);
  const secrets = [...secretPaths(plan.app), ...certificatePaths(tls, projectDir)];
  const source = await readSource(projectDir, DEFAULT_IGNORE, secrets);
  // Behind a front releases are kept, and each keeps its environment.
  const ground = plan.front ? [base, JSON.stringify(env)] : [base];
  const release = releaseId(hashSource(source), { plan, artefacts, folder }, ground);
  return {
    ...{ plan, artefacts, projectDir: owner, release, env, source, certificate },
    image: `deploykit/${plan.name}:${release}`,
    front: plan.front,
    frontImage: plan.front ? frontTag(artefacts) : null,
  };
}

/** Whether the engine already has exactly this; changes from outside apart. Whoever takes the lock removes an untaken one. */
export function isWanted({ front, frontImage, ...update }: Wanted, deployed: Deployed): boolean {
  if (deployed.untaken) return false;
  if (!front || frontImage === null) return isSingleUpToDate(update, deployed);
  return isUpToDate({ ...update, front, frontImage }, deployed);
}
