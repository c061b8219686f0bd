import { pack } from 'tar-stream';
import type { SourceEntry } from '../../host/source.js';
import type { Artefact } from '../../plan/types.js';
import { changePart } from './change.js';
import type { OnHost } from './on-host.js';
import type { HostPaths } from './paths.js';

interface ShipInput {
  on: OnHost;
  /** Of the deployment. */
  name: string;
  paths: HostPaths;
  id: string;
  source: readonly SourceEntry[];
  /** Files that lie in the release folder itself. */
  files: readonly Artefact[];
  venv: string;
  env: Record<string, string>;
  secrets: Record<string, Buffer>;
}

/**
 * Puts a release on the host: source, ini and scripts, owned by root, read-only to the service. Unpacked under another
 * name and renamed when whole: a cut connection leaves a `.partial` folder, which the next run replaces.
 */
export async function shipRelease(input: ShipInput): Promise<void> {
  const { on, name, paths, id, source, files, venv } = input;
  const partial = `${paths.release(id)}.partial`;
  await on.shell('rm -rf "$1"; mkdir -p "$1"; chmod 755 "$1"; tar -x --no-same-owner -C "$1"', [partial], {
    input: await releaseTar(source, files),
  });
  await writeEnvironment(input);
  await writeSecrets(input);
  await changePart(on, 'arrive', name, [id, venv]);
}

// Mode 0600, root's: systemd reads it before it gives up its rights, nobody else does.
async function writeEnvironment({ on, paths, id, env }: ShipInput): Promise<void> {
  const text = Object.entries(env).map(([name, value]) => `${name}=${quoted(value)}\n`);
  await on.put(paths.env(id), text.join(''), '600');
}

// As the environment; systemd shows each to the service alone (LoadCredential=).
async function writeSecrets({ on, paths, id, secrets }: ShipInput): Promise<void> {
  for (const [name, contents] of Object.entries(secrets)) {
    await on.put(`${paths.secrets(id)}/${name}`, contents, '600');
  }
}

// systemd.exec(5), EnvironmentFile=: in double quotes a backslash escapes these four.
function quoted(value: string): string {
  return `"${value.replace(/["\\`$]/g, (char) => `\\${char}`)}"`;
}

async function releaseTar(source: readonly SourceEntry[], files: readonly Artefact[]): Promise<Buffer> {
  const tar = pack();
  const epoch = new Date(0);
  for (const entry of source) {
    const header = { name: `app/${entry.path}`, mode: entry.mode, mtime: epoch };
    if (entry.kind === 'link') tar.entry({ ...header, type: 'symlink', linkname: entry.contents.toString() });
    else tar.entry(header, entry.contents);
  }
  for (const file of files) tar.entry({ name: file.path, mode: file.mode, mtime: epoch }, file.contents);
  // Last: where it is, everything before it arrived.
  tar.entry({ name: 'complete', mode: 0o644, mtime: epoch }, `${source.length + files.length} files\n`);
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
