import { pack } from 'tar-stream';
import type { SourceEntry } from '../../host/source.js';
import type { Artefact } from '../../plan/types.js';
import { changePart } from './change.js';
import type { OnHost } from './on-host.js';

interface ShipInput {
  on: OnHost;
  /** Of the deployment. */
  name: string;
  id: string;
  source: readonly SourceEntry[];
  /** Files that lie in the release folder itself. */
  files: readonly Artefact[];
  venv: string;
  env: Record<string, string>;
  secrets: Record<string, Buffer>;
}

/**
 * Puts a release on the host, in one round trip: source, ini and scripts, owned by root, read-only to the service.
 * Unpacked under another name and renamed when whole: of a cut connection nothing is left.
 */
export async function shipRelease(input: ShipInput): Promise<void> {
  const { on, name, id, venv } = input;
  await changePart(on, 'arrive', name, [id, venv], { input: await releaseTar(input) });
}

function environmentFile(env: ShipInput['env']): string {
  return Object.entries(env)
    .map(([name, value]) => `${name}=${quoted(value)}\n`)
    .join('');
}

// systemd.exec(5), EnvironmentFile=: in double quotes a backslash escapes these four.
function quoted(value: string): string {
  return `"${value.replace(/["\\`$]/g, (char) => `\\${char}`)}"`;
}

async function releaseTar({ source, files, env, secrets }: ShipInput): Promise<Buffer> {
  const tar = pack();
  const epoch = new Date(0);
  for (const entry of source) {
    const header = { name: `app/${entry.path}`, mode: entry.mode, mtime: epoch };
    if (entry.kind === 'link') tar.entry({ ...header, type: 'symlink', linkname: entry.contents.toString() });
    else tar.entry(header, entry.contents);
  }
  for (const file of files) tar.entry({ name: file.path, mode: file.mode, mtime: epoch }, file.contents);
  // Goes where root alone reads; systemd shows a secret to the service only (LoadCredential=).
  tar.entry({ name: 'private', type: 'directory', mode: 0o700, mtime: epoch });
  tar.entry({ name: 'private/env', mode: 0o600, mtime: epoch }, environmentFile(env));
  for (const [name, contents] of Object.entries(secrets))
    tar.entry({ name: `private/secrets/${name}`, mode: 0o600, mtime: epoch }, contents);
  // Last: where it is, everything before it arrived.
  tar.entry({ name: 'complete', mode: 0o644, mtime: epoch }, `${source.length + files.length} files\n`);
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
