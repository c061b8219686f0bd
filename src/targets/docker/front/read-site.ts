import type Docker from 'dockerode';
import { extract } from 'tar-stream';
import type { Artefact } from '../../../plan/types.js';
import { FRONT_CERTIFICATE, FRONT_SITE } from '../../../render/nginx.js';
import type { FrontWish } from './front.js';

/** The front that is there, as a wish: a change of the servers alone leaves it as it is. */
export async function presentFront(
  docker: Docker,
  name: string,
  front: Docker.ContainerInspectInfo,
): Promise<FrontWish> {
  const files = await readSite(docker.getContainer(front.Id));
  return { name, options: { Labels: front.Config.Labels ?? {} }, files };
}

/** The files nginx has. */
export async function readSite(front: Docker.Container): Promise<Artefact[]> {
  const tar = extract();
  // The trailing "/." follows the link.
  const stream = await front.getArchive({ path: `${FRONT_SITE}/current/.` });
  stream.on('error', (error) => tar.destroy(error)).pipe(tar);
  const files: Artefact[] = [];
  for await (const entry of tar) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    if (entry.header.type !== 'file') continue;
    const path = entry.header.name.split('/').at(-1) ?? '';
    files.push({ path, contents: Buffer.concat(chunks).toString('utf8'), mode: entry.header.mode ?? 0o644 });
  }
  return files;
}

/** The certificate chain that a front answers with. */
export async function trustedBy(front: Docker.Container): Promise<string | undefined> {
  return (await readSite(front)).find(({ path }) => path === FRONT_CERTIFICATE)?.contents;
}
