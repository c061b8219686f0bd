import type Docker from 'dockerode';
import { removeContainer } from '../container.js';
import { LABEL } from '../labels.js';
import { readFiles } from '../read-files.js';
import { openReader } from '../reader.js';

type Info = Docker.ContainerInspectInfo;

/** A file that differs from the image's, with both texts where they can be shown. */
interface ChangedFile {
  path: string;
  change: 'changed' | 'added' | 'removed';
  texts: { given: string; now: string } | null;
}

const CHANGES = ['changed', 'added', 'removed'] as const;
// What deploykit rendered, and the application: of a binary or a tree nothing is shown.
const SHOWN = /^\/(etc\/deploykit|opt\/deploykit|app)\/.*\.(ini|py|html|txt|cfg|toml|json|ya?ml)$/;

/** The files of a container that are not as in its image, but for what lies in mounts and the folders above those. */
export async function changedFiles(docker: Docker, info: Info): Promise<ChangedFile[]> {
  const changed = onlyFiles(info, await docker.getContainer(info.Id).changes());
  if (!changed.some(({ path }) => SHOWN.test(path))) return changed.map((one) => ({ ...one, texts: null }));
  const image = await openReader(docker, ownerOf(info), info.Id.slice(0, 12), { Image: info.Image });
  try {
    return await Promise.all(
      changed.map(async (one) => {
        if (!SHOWN.test(one.path)) return { ...one, texts: null };
        const given = await textAt(image, one.path);
        return { ...one, texts: { given, now: await textAt(docker.getContainer(info.Id), one.path) } };
      }),
    );
  } finally {
    await removeContainer(docker, image.id);
  }
}

function onlyFiles({ Mounts, HostConfig }: Info, changes: unknown): Omit<ChangedFile, 'texts'>[] {
  // The engine says null for none.
  const all = (changes ?? []) as { Path: string; Kind: number }[];
  const tmpfs = Object.keys((HostConfig.Tmpfs as Record<string, string> | undefined) ?? {});
  const mounts = [...Mounts.map(({ Destination }) => Destination), ...tmpfs];
  const isAbove = (path: string, other: string): boolean => other === path || other.startsWith(`${path}/`);
  return all
    .filter(({ Path }) => !mounts.some((mount) => isAbove(Path, mount) || isAbove(mount, Path)))
    .filter(({ Path }) => !all.some((other) => other.Path !== Path && isAbove(Path, other.Path)))
    .map(({ Path, Kind }) => ({ path: Path, change: CHANGES[Kind] ?? 'changed' }));
}

function ownerOf({ Config }: Info): { name: string; owner: string } {
  const labels = Config.Labels ?? {};
  return { name: labels[LABEL.name] ?? '', owner: labels[LABEL.project] ?? '' };
}

async function textAt(container: Docker.Container, path: string): Promise<string> {
  return (await readFiles(container, path))[0]?.contents ?? '';
}
