import path from 'node:path';
import { DeploykitError } from '../errors.js';
import { isFolder } from './check-folder.js';
import type { ConfigFile } from './config-file.js';
import { inside } from './inside.js';
import { formatKeyPath, type KeyPath } from './key-path.js';
import type { Settings } from './settings.js';

/**
 * Every path of the settings lies in the project folder (the CA bundle may lie anywhere), and app.dir is a folder.
 * @throws DeploykitError DK_FILE_OUTSIDE, DK_CONFIG_INVALID.
 */
export async function checkPaths(dir: string, settings: Settings, config: ConfigFile | null): Promise<void> {
  const { app, server } = settings.value;
  const paths: [KeyPath, string | undefined][] = [
    [['app', 'dir'], app.dir],
    [['app', 'requirements'], app.requirements],
    [['app', 'env_file'], app.env_file],
    ...Object.entries(app.secret_files).map(([name, file]): [KeyPath, string] => [
      ['app', 'secret_files', name],
      file,
    ]),
    ...Object.entries(server.static).map(([prefix, folder]): [KeyPath, string] => [
      ['server', 'static', prefix],
      folder,
    ]),
  ];
  for (const [key, value] of paths) {
    if (value === undefined) continue;
    await inside(
      dir,
      value,
      `${subject(key, settings)} = ${JSON.stringify(value)}`,
      placeOf(key, settings, config),
    );
  }
  if (await isFolder(path.join(dir, app.dir))) return;
  const key = ['app', 'dir'];
  throw new DeploykitError(
    'DK_CONFIG_INVALID',
    `${subject(key, settings)} should be a folder of the project, but "${app.dir}" is none`,
    {
      hint: 'Paths in the project file are relative to the project folder.',
      ...placeOf(key, settings, config),
    },
  );
}

function subject(key: KeyPath, settings: Settings): string {
  const origin = settings.written.get(formatKeyPath(key))?.origin;
  return origin && origin.kind !== 'file' ? origin.detail : formatKeyPath(key);
}

function placeOf(
  key: KeyPath,
  settings: Settings,
  config: ConfigFile | null,
): { file?: string; line?: number } {
  if (config === null || settings.written.get(formatKeyPath(key))?.origin.kind !== 'file') return {};
  const line = config.lineOf(key);
  return line === undefined ? { file: config.file } : { file: config.file, line };
}
