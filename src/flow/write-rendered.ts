import path from 'node:path';
import { DeploykitError } from '../errors.js';
import { type Comparison, compareArtefacts, type WriteReport, writeArtefacts } from '../host/artefacts.js';
import type { RenderFormat } from '../render/render.js';
import { artefactFolder, planSession, type Session } from './session.js';

/** Renders into a folder of the project, whose Dockerfile then works with the project as build context. */
export async function writeRendered(
  session: Session,
  out: string,
  options: { force: boolean; format: RenderFormat | undefined },
): Promise<Omit<WriteReport, 'onDisk'>> {
  const { dir } = session.loaded.project;
  const folder = folderOf(dir, out);
  const { artefacts } = await planSession(session, folder, options.format);
  const { onDisk: _, ...report } = await writeArtefacts(dir, folder, artefacts, { force: options.force });
  return report;
}

/** What writing would change; nothing is written. @param out default: where `up` writes. */
export async function compareRendered(
  session: Session,
  out: string | undefined,
  format: RenderFormat | undefined,
): Promise<Comparison[]> {
  const { dir } = session.loaded.project;
  const folder = out === undefined ? artefactFolder(session) : folderOf(dir, out);
  const { artefacts } = await planSession(session, folder, format);
  return compareArtefacts(dir, folder, artefacts);
}

function folderOf(dir: string, out: string): string {
  const folder = path.relative(dir, path.resolve(dir, out)).split(path.sep).join('/') || '.';
  if (folder !== '..' && !folder.startsWith('../')) return folder;
  throw new DeploykitError('DK_FILE_OUTSIDE', `--out ${out} is outside the project folder`, {
    hint: 'The Dockerfile copies from its own folder inside the build context: choose a folder of the project.',
  });
}
