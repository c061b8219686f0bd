import type Docker from 'dockerode';
import { extract } from 'tar-stream';
import type { Artefact } from '../../plan/types.js';

/** The files at a path of a container, which need not run; by their last names. Empty when nothing is there. */
export async function readFiles(container: Docker.Container, path: string): Promise<Artefact[]> {
  const tar = extract();
  const stream = await archiveOf(container, path);
  if (stream === null) return [];
  stream.on('error', (error) => tar.destroy(error)).pipe(tar);
  const files: Artefact[] = [];
  for await (const entry of tar) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    if (entry.header.type !== 'file') continue;
    const name = entry.header.name.split('/').at(-1) ?? '';
    files.push({
      path: name,
      contents: Buffer.concat(chunks).toString('utf8'),
      // The engine's archive has the kind of the file in it, too.
      mode: (entry.header.mode ?? 0o644) & 0o7777,
    });
  }
  return files;
}

async function archiveOf(container: Docker.Container, path: string): Promise<NodeJS.ReadableStream | null> {
  try {
    return await container.getArchive({ path });
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return null;
    throw error;
  }
}
