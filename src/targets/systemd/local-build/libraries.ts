import { copyFile, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { DeploykitError } from '../../../errors.js';
import { run } from '../../../host/run.js';
import { OWN_LIBRARIES } from '../../process/uwsgi-wheel.js';
import type { OnHost } from '../on-host.js';
import type { Shipped } from './shipped.js';

// glibc's own, and the loader: always the host's, whose kernel and settings they belong to.
const GLIBC = /^(ld-linux|linux-vdso|lib(c|m|dl|rt|util|pthread|resolv)\.so)/;

/** Copies every shared library that a binary of this machine links, glibc apart, by the names the linker asks for. */
export async function collectLibraries(binary: string, folder: string, signal: AbortSignal): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { stdout } = await run(['ldd', binary], { signal });
  for (const [, name = '', file = ''] of stdout.matchAll(/^\s*(\S+) => (\/\S+)/gm)) {
    if (!GLIBC.test(name)) await copyFile(file, path.join(folder, name));
  }
}

/**
 * Gives the uWSGI of a virtual environment the libraries that its host lacks, beside it; what the host has is its own.
 * @returns their names.
 * @throws DeploykitError DK_UWSGI_BUILD_FAILED when it needs one that this machine has not either.
 */
export async function completeLibraries(
  on: OnHost,
  venv: string,
  libraries: readonly Shipped[],
): Promise<string[]> {
  const folder = path.posix.join(venv, 'bin', OWN_LIBRARIES);
  const sent: string[] = [];
  for (;;) {
    const { all } = await on.try(['ldd', `${venv}/bin/uwsgi`]);
    const missing = [
      ...new Set([...all.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1] ?? '')),
    ];
    if (missing.length === 0) return sent;
    for (const name of missing) {
      const library = libraries.find((one) => one.name === name);
      if (!library || sent.includes(name)) throw lacking(on.host.name, name, all);
      on.reporter.detail(`${name}, which the host lacks`);
      await on.shell('mkdir -p "$1" && cat > "$1/$2" && chmod 755 "$1/$2"', [folder, name], {
        input: await readFile(library.file),
      });
      sent.push(name);
    }
  }
}

function lacking(host: string, name: string, said: string): DeploykitError {
  return new DeploykitError('DK_UWSGI_BUILD_FAILED', `${host}: uWSGI needs ${name}, which is not there`, {
    excerpt: said.trim(),
    hint: 'Install the package of that library on the host, or build on a machine like it.',
  });
}
