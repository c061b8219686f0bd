import type { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import type { SourceEntry } from '../../host/source.js';
import type { Artefact } from '../../plan/types.js';

/**
 * The build context as a tar stream: the project's files, then the artefacts in their folder. Owner 0, time 0, sorted:
 * the same files give the same bytes.
 */
export function contextTar(
  source: readonly SourceEntry[],
  artefacts: readonly Artefact[],
  folder: string,
): Readable {
  const tar = pack();
  const epoch = new Date(0);
  const inFolder = (path: string): string => (folder === '.' ? path : `${folder}/${path}`);
  const rendered = new Set(artefacts.map((artefact) => inFolder(artefact.path)));
  for (const entry of source) {
    if (rendered.has(entry.path)) continue;
    const header = { name: entry.path, mode: entry.mode, mtime: epoch, uid: 0, gid: 0 };
    if (entry.kind === 'link') tar.entry({ ...header, type: 'symlink', linkname: entry.contents.toString() });
    else tar.entry(header, entry.contents);
  }
  for (const artefact of artefacts) {
    const header = { name: inFolder(artefact.path), mode: artefact.mode, mtime: epoch, uid: 0, gid: 0 };
    tar.entry(header, artefact.contents);
  }
  tar.finalize();
  return tar as unknown as Readable;
}
