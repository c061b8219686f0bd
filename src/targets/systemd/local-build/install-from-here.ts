import { run } from '../../../host/run.js';
import { install } from '../install-there.js';
import type { VenvInput } from '../venv-input.js';
import { completeLibraries } from './libraries.js';
import { sendWheels } from './send-wheels.js';
import { findTwin } from './twin.js';

/**
 * Fills a virtual environment from wheels made on this machine: the host needs no compiler, no network, no pip.
 * @returns whether the library of the interpreter was shipped too, because the host has none.
 * @throws DeploykitError DK_BUILD_FOREIGN, and what building the wheels throws.
 */
export async function installFromHere(input: VenvInput, venv: string): Promise<boolean> {
  const { on, paths, python, key } = input;
  const twin = await findTwin({ name: on.host.name, python }, (argv) => run(argv, { signal: on.signal }));
  const { wheels, libraries } = await input.wheelhouse(key, twin);
  const folder = `${paths.root}/wheels`;
  await sendWheels(on, folder, wheels);
  on.reporter.step(`${on.host.name}: making a virtual environment from ${wheels.length} wheels`);
  const make = 'rm -rf "$1" && mkdir -p "$2" && "$3" -m venv --without-pip "$1"';
  await on.shell(make, [venv, paths.venvs, python.executable]);
  // A wheel is a zip file, which Python runs: pip installs the others without being installed.
  const isPip = (name: string): boolean => name.startsWith('pip-');
  const pip = `${folder}/${wheels.find(({ name }) => isPip(name))?.name}/pip`;
  const files = wheels.filter(({ name }) => !isPip(name)).map(({ name }) => `${folder}/${name}`);
  await install(on, [
    ...[`${venv}/bin/python`, pip, 'install', '--quiet', '--no-index', '--no-deps'],
    ...['--no-cache-dir', '--disable-pip-version-check', ...files],
  ]);
  const shipped = await completeLibraries(on, venv, libraries);
  return shipped.some((name) => name.startsWith('libpython'));
}
