import { DeploykitError, throwIfAborted } from '../../errors.js';
import { claimOf, type Deployment, type Drift, type UpOptions, type UpResult } from '../target.js';
import { ensureBase, imageId } from './base-image.js';
import { buildImage } from './build-image.js';
import { readDrift } from './drift/read-drift.js';
import { ensureFrontImage } from './front/front-image.js';
import { renewCertificate } from './front/renew-certificate.js';
import { LABEL, ownerOn } from './labels.js';
import { deployedEndpoint } from './read-status.js';
import type { Operator } from './release/change.js';
import { readDeployed } from './release/deployed.js';
import type { Wanted } from './release/types.js';
import { applyUpdate } from './release/update.js';
import { applySingle } from './up-single.js';
import { isWanted, wantedRelease } from './wanted.js';

/**
 * Builds what an engine lacks of a deployment, has it serve, and mends what was changed from outside.
 * @throws DeploykitError DK_NAME_TAKEN before anything is built; as buildImage, applyUpdate and applySingle.
 */
export async function bringUp(
  operator: Operator,
  deployment: Deployment,
  options: UpOptions,
): Promise<UpResult> {
  const { engine, context } = operator;
  const { docker } = engine;
  const { project, reporter, signal } = context;
  const { plan } = deployment;
  const started = Date.now();
  await readDeployed(docker, plan.name, project.dir); // refuses what is not ours before anything is built
  const base = await ensureBase(docker, plan.image?.base ?? '', reporter, signal);
  const wanted = await wantedRelease(deployment, project.dir, ownerOn(engine, project.dir), base);
  const deployed = await readDeployed(docker, plan.name, project.dir);
  const mended = announced(await readDrift(docker, deployed, wanted), reporter);
  const isNew = mended.length > 0 || !isWanted(wanted, deployed);
  if (isNew) await change(operator, deployment, wanted, options);
  const renewed = await renewCertificate(operator, wanted.certificate);
  const endpoint = await deployedEndpoint(engine, plan.name, project.dir);
  if (!endpoint) throw new DeploykitError('DK_SERVER_FAILED', 'the container was removed by someone else');
  return {
    changed: isNew || renewed,
    release: wanted.release,
    endpoint,
    claim: claimOf(plan),
    seconds: (Date.now() - started) / 1000,
    mended,
  };
}

/** Says what was changed from outside. @returns what of it is mended. */
function announced(drift: readonly Drift[], reporter: Operator['context']['reporter']): Drift[] {
  for (const { what, message, mend } of drift) {
    if (mend === null) reporter.warn(`${what}: ${message}; it is left alone`);
    else reporter.step(`Mending ${what}: ${message}; ${mend}`);
  }
  return drift.filter(({ mend }) => mend !== null);
}

async function change(
  operator: Operator,
  deployment: Deployment,
  wanted: Wanted,
  { waitSeconds }: UpOptions,
): Promise<void> {
  const { docker } = operator.engine;
  const { reporter, signal } = operator.context;
  const { plan, image, release, source, front } = wanted;
  const build = { docker, deployment, reporter, signal };
  // First: where nginx cannot be had, that is said before the minutes of the other build.
  const fronted = front ? { ...wanted, front, frontImage: await ensureFrontImage(build) } : null;
  if (!(await imageId(docker, image))) {
    reporter.step(`Building ${image} from ${plan.image?.base}`);
    const labels = { [LABEL.name]: plan.name, [LABEL.release]: release };
    await buildImage({ ...build, source, tag: image, dockerfile: 'Dockerfile', labels });
  }
  throwIfAborted(signal);
  if (fronted) await applyUpdate(operator, fronted, waitSeconds);
  else await applySingle(operator, wanted, waitSeconds);
}
