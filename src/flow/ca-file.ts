import path from 'node:path';
import { DeploykitError } from '../errors.js';
import { readIfThere } from '../host/files.js';
import type { Artefact, TargetKind } from '../plan/types.js';
import type { Project } from '../project/types.js';

/**
 * The CA bundle as a file of the build context; the Dockerfile binds it into the commands that need it and no layer
 * keeps it. @throws DeploykitError DK_CONFIG_INVALID when it is not there or not PEM.
 */
export async function prepareCaFile(project: Project, kind: TargetKind): Promise<Artefact[]> {
  const named = project.image.ca_file;
  if (kind !== 'docker' || !named) return [];
  const file = path.resolve(project.dir, named);
  const contents = await readIfThere(file);
  if (contents?.includes('-----BEGIN CERTIFICATE-----')) return [{ path: 'ca.pem', contents, mode: 0o644 }];
  throw new DeploykitError(
    'DK_CONFIG_INVALID',
    `[image] ca_file ${contents === null ? 'does not exist' : 'holds no certificate'}`,
    {
      file,
      hint: 'Name a file with PEM certificates.',
    },
  );
}
