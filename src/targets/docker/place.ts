import type Docker from 'dockerode';
import { DeploykitError } from '../../errors.js';
import { SOCKETS } from '../../plan/front.js';
import { exec } from './exec.js';
import { put } from './put.js';

/** The user of the front and the replicas; they have nothing else in common. */
export const OWNER = { uid: 10001, gid: 10001 };

/** The socket of a replica, in its set's folder. */
export function socketPath(set: string, replica: number): string {
  return `${SOCKETS}/${set}/${replica}.sock`;
}

/** The sockets of whatever set is current, as the front's upstream names them; they change with one rename. */
export function upstreamSockets(replicas: number): string[] {
  const sockets = Array.from({ length: replicas }, (_, i) => socketPath('current', i + 1));
  // nginx tries another entry when a connection breaks; for one replica that is a second try, at another worker.
  return sockets.length === 1 ? [...sockets, ...sockets] : sockets;
}

/** The set the link `current` names, or null. */
export function currentSet(front: Docker.Container): Promise<string | null> {
  return linkTarget(front, `${SOCKETS}/current`);
}

/** The last part of what a link names, or null when there is none; works on a stopped container too. */
export async function linkTarget(container: Docker.Container, link: string): Promise<string | null> {
  try {
    const answer = (await container.infoArchive({ path: link })) as unknown as {
      headers: Record<string, string>;
    };
    const stat = Buffer.from(answer.headers['x-docker-container-path-stat'] ?? '', 'base64').toString();
    return (JSON.parse(stat) as { linkTarget: string }).linkTarget.split('/').at(-1) ?? null;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return null;
    throw error;
  }
}

// One rename: a request before it goes to the old set, one after it to the new one.
const POINT = 'ln -sfn "$1" "$2/current.new" && mv -T "$2/current.new" "$2/current"';

/** Makes a set the current one, at once. @throws DeploykitError DK_SERVER_FAILED when the front's container refuses. */
export async function pointTo(front: Docker.Container, set: string): Promise<void> {
  const { State } = await front.inspect();
  if (!State.Running) {
    await put(front, SOCKETS, [{ name: 'current', type: 'symlink', linkname: set, ...OWNER }]);
    return;
  }
  const { exitCode, stderr } = await exec(front, ['sh', '-c', POINT, 'sh', set, SOCKETS]);
  if (exitCode === 0) return;
  throw new DeploykitError('DK_SERVER_FAILED', `the front could not be pointed to ${set}`, {
    excerpt: stderr.trim(),
    hint: 'What served goes on serving. deploykit down, then up, makes the front anew.',
  });
}

/** Makes the folder of a set's sockets, by any container that has the volume, running or not. */
export async function makeFolder(container: Docker.Container, set: string): Promise<void> {
  await put(container, SOCKETS, [{ name: set, type: 'directory', mode: 0o750, ...OWNER }]);
}

// "current" is a link, and no folder.
const KEEP = `cd "$1" && shift && for one in */; do
  one=\${one%/}
  case " $* " in *" $one "*) ;; *) [ -L "$one" ] || rm -rf "$one" ;; esac
done`;

/** Removes the sockets' folders of all other sets; the front must run. */
export async function keepFolders(front: Docker.Container, sets: readonly string[]): Promise<void> {
  await exec(front, ['sh', '-c', KEEP, 'sh', SOCKETS, ...sets]);
}
