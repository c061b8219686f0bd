import { readFile } from 'node:fs/promises';
import type { OnHost } from '../on-host.js';
import type { Shipped } from './shipped.js';

const LIST = `mkdir -p "$1" && cd "$1" && rm -f -- *.partial
for file in *.whl; do [ ! -e "$file" ] || sha256sum -- "$file"; done`;

// Under another name until its digest is right: a transfer that was cut leaves a .partial, which the next run removes.
const PUT = `cat > "$1/$2.partial" && echo "$3  $1/$2.partial" | sha256sum -c --quiet - && mv "$1/$2.partial" "$1/$2"`;

/**
 * Makes a folder on the host hold exactly these wheels. Those that are there with the same digest are not sent again,
 * so an unchanged wheelhouse costs one round trip and a transfer that was cut goes on where it ended.
 * @returns the names of those that were sent.
 */
export async function sendWheels(on: OnHost, folder: string, wheels: readonly Shipped[]): Promise<string[]> {
  const listed = await on.shell(LIST, [folder]);
  const there = new Map(
    [...listed.matchAll(/^([0-9a-f]{64}) {2}(.+)$/gm)].map(([, sha256 = '', name = '']) => [name, sha256]),
  );
  const stale = [...there.keys()].filter((name) => !wheels.some((wheel) => wheel.name === name));
  if (stale.length > 0) await on.run(['rm', '-f', '--', ...stale.map((name) => `${folder}/${name}`)]);
  const missing = wheels.filter(({ name, sha256 }) => there.get(name) !== sha256);
  if (missing.length > 0) on.reporter.step(`${on.host.name}: shipping ${missing.length} wheels`);
  for (const { name, file, sha256 } of missing) {
    on.reporter.detail(name);
    await on.shell(PUT, [folder, name, sha256], { input: await readFile(file) });
  }
  return missing.map(({ name }) => name);
}
