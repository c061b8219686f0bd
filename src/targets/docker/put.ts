import type Docker from 'dockerode';
import { type Header, pack } from 'tar-stream';

/** An entry of an archive for a container: a file has contents, a folder or link has none. */
type Entry = Partial<Header> & Pick<Header, 'name'> & { contents?: string };

/** Puts files into a volume of a container, which need not run. */
export async function put(
  container: Docker.Container,
  folder: string,
  entries: readonly Entry[],
): Promise<void> {
  const tar = pack();
  for (const { contents, ...header } of entries) tar.entry(header as Header, contents ?? '');
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  await container.putArchive(Buffer.concat(chunks), { path: folder });
}
