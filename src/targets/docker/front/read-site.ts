import { createHash } from 'node:crypto';
import type Docker from 'dockerode';
import type { Artefact } from '../../../plan/types.js';
import { FRONT_CERTIFICATE, FRONT_SITE } from '../../../render/nginx.js';
import { linkTarget } from '../place.js';
import { readFiles } from '../read-files.js';
import type { FrontWish } from './wish.js';

/** The folder of nginx's files, named after what is in them: one that was edited since does not fit its name. */
export function siteFolder(files: readonly Artefact[]): string {
  const contents = files.map(({ path, contents: text, mode }) => JSON.stringify([path, text, mode])).sort();
  return `site-${createHash('sha256').update(contents.join('\n')).digest('hex').slice(0, 12)}`;
}

/** nginx's files as the front has them. */
export interface Site {
  /** The name of their folder; null before it was given any. */
  folder: string | null;
  files: Artefact[];
  /** Whether they are as they were given to it. */
  asGiven: boolean;
}

/** Reads nginx's files of a front, which need not run. */
export async function readSite(front: Docker.Container): Promise<Site> {
  const folder = await linkTarget(front, `${FRONT_SITE}/current`);
  if (folder === null) return { folder, files: [], asGiven: true };
  // The trailing "/." follows the link.
  const files = await readFiles(front, `${FRONT_SITE}/current/.`);
  return { folder, files, asGiven: folder.split('.')[0] === siteFolder(files) };
}

/** To how many replicas nginx sends, by its files; 0 when they do not say. */
export function sentTo(files: readonly Artefact[]): number {
  const upstream = files.find(({ path }) => path === 'nginx-upstream.conf')?.contents ?? '';
  return Math.max(0, ...[...upstream.matchAll(/\/current\/(\d+)\.sock/g)].map((match) => Number(match[1])));
}

/** The front that is there, as a wish: a change of the servers alone leaves it as it is. */
export async function presentFront(
  docker: Docker,
  name: string,
  front: Docker.ContainerInspectInfo,
): Promise<FrontWish> {
  const { files } = await readSite(docker.getContainer(front.Id));
  return { name, options: { Labels: front.Config.Labels ?? {} }, files };
}

/** The certificate chain that a front answers with. */
export async function trustedBy(front: Docker.Container): Promise<string | undefined> {
  return (await readSite(front)).files.find(({ path }) => path === FRONT_CERTIFICATE)?.contents;
}
