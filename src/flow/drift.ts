import { artefactsAfter, type Comparison } from '../host/artefacts.js';
import type { Drift } from '../targets/target.js';
import { artefactFolder, planSession, type Session } from './session.js';

/** The files on disk against those that would be rendered, and what runs and is not as it was made. */
export async function compareDeployed(session: Session): Promise<{ files: Comparison[]; drift: Drift[] }> {
  const { plan, artefacts } = await planSession(session);
  const folder = artefactFolder(session);
  const { dir } = session.loaded.project;
  const { files, onDisk } = await artefactsAfter(dir, folder, artefacts, { force: false });
  const drift = (await session.choice.target?.drift?.({ plan, artefacts: onDisk, folder })) ?? [];
  return { files, drift };
}
