import type Docker from 'dockerode';
import { DeploykitError } from '../../../errors.js';
import { loadTemplate } from '../../../host/templates.js';
import type { Artefact } from '../../../plan/types.js';
import { FRONT_SITE, renderUpstream } from '../../../render/nginx.js';
import { containerLog, createContainer, removeContainer, startContainer } from '../container.js';
import { exec } from '../exec.js';
import { LABEL } from '../labels.js';
import { objectNames } from '../names.js';
import { OWNER, upstreamSockets } from '../place.js';
import { put } from '../put.js';
import { isOfTls } from './certificate.js';
import { readSite, siteFolder } from './read-site.js';
import type { FrontWish } from './wish.js';

const OTHERS = 0o007;

/** Whether the front that is there is the one that is wanted, apart from what a reload can change. */
export function isFront(
  info: Docker.ContainerInspectInfo | null,
  options: Docker.ContainerCreateOptions,
): boolean {
  return info?.Config.Labels?.[LABEL.config] === options.Labels?.[LABEL.config];
}

/** Creates the front's container, not started; its volumes come with it. */
export async function createFront(docker: Docker, wish: FrontWish): Promise<Docker.Container> {
  return createContainer(docker, objectNames(wish.name).front, wish.options);
}

/** Removes the front, its volumes too when nothing else is left. */
export async function removeFront(docker: Docker, name: string, volumes: boolean): Promise<void> {
  const names = objectNames(name);
  await removeContainer(docker, names.front);
  if (!volumes) return;
  for (const volume of [names.sockets, names.site]) {
    await docker
      .getVolume(volume)
      .remove()
      .catch((error: { statusCode?: number }) => {
        if (error.statusCode !== 404) throw error;
      });
  }
}

/** nginx's files for a set of so many replicas. */
export function siteFiles(name: string, files: readonly Artefact[], replicas: number): Artefact[] {
  const upstream = renderUpstream(name, upstreamSockets(replicas), loadTemplate);
  return files
    .filter((file) => file.path === 'nginx.conf' || file.path === 'nginx-site.conf' || isOfTls(file))
    .concat({ path: 'nginx-upstream.conf', contents: upstream, mode: 0o644 });
}

// nginx reads its files relative to the folder of nginx.conf: a whole folder is tried, then the link moves to it.
const LINK = `cd "$1" && ln -sfn "$2" current.new && mv -T current.new current
for old in site-*; do [ "$old" = "$2" ] || rm -rf "$old"; done`;

/**
 * Gives nginx its files: tried first, then taken over by a reload, which lets requests in flight end.
 * @returns whether nginx was told to reload.
 * @throws DeploykitError DK_SERVER_FAILED with nginx's own words; what it had stays in use.
 */
export async function configureFront(front: Docker.Container, files: readonly Artefact[]): Promise<boolean> {
  const wanted = siteFolder(files);
  const now = await readSite(front);
  const isWanted = now.folder?.split('.')[0] === wanted;
  if (isWanted && now.asGiven) return false;
  // What was edited by hand in the folder of that name is left behind in it.
  const folder = now.folder === wanted ? `${wanted}.1` : wanted;
  await put(front, FRONT_SITE, [
    { name: folder, type: 'directory', mode: 0o755 },
    // What others may not read is nginx's own.
    ...files.map(({ path, contents, mode }) => ({
      ...(mode & OTHERS ? {} : OWNER),
      ...{ name: `${folder}/${path}`, contents, mode },
    })),
  ]);
  const { State } = await front.inspect();
  if (!State.Running) {
    await put(front, FRONT_SITE, [{ name: 'current', type: 'symlink', linkname: folder }]);
    return false;
  }
  const tried = await exec(front, ['nginx', '-t', '-q', '-c', `${FRONT_SITE}/${folder}/nginx.conf`]);
  if (tried.exitCode !== 0) throw refused(tried.stderr);
  const linked = await exec(front, ['sh', '-euc', LINK, 'sh', FRONT_SITE, folder], { user: '0:0' });
  if (linked.exitCode !== 0) throw refused(linked.stderr);
  await front.kill({ signal: 'SIGHUP' });
  return true;
}

function refused(words: string): DeploykitError {
  return new DeploykitError('DK_SERVER_FAILED', 'nginx refuses its configuration', {
    excerpt: words.trim(),
    hint: 'What served goes on serving with the configuration before. Mend the edited file or [front].',
  });
}

/** Starts the front and waits until nginx is up. @throws DeploykitError DK_PORT_TAKEN, DK_SERVER_FAILED. */
export async function startFront(docker: Docker, name: string, where: string): Promise<void> {
  const front = docker.getContainer(objectNames(name).front);
  await startContainer(front, where);
  const deadline = Date.now() + 10_000;
  for (;;) {
    const { State } = await front.inspect();
    if (!State.Running || Date.now() > deadline) {
      throw new DeploykitError('DK_SERVER_FAILED', 'nginx did not start', {
        excerpt: await containerLog(front, 20),
        hint: 'Its own words are above.',
      });
    }
    const { exitCode } = await exec(front, ['test', '-s', '/run/deploykit/nginx.pid']);
    if (exitCode === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
