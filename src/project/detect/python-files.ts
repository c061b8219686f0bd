import { access, readdir, stat } from 'node:fs/promises';
import path from 'node:path';

const MAX_DEPTH = 4;
const MAX_FILES = 2_000;
const MAX_FOLDERS = 2_000;
const MAX_BYTES = 1024 ** 2;

const SKIPPED_FOLDERS = new Set([
  'node_modules',
  'site-packages',
  '__pycache__',
  'tests',
  'test',
  'build',
  'dist',
  'migrations',
]);
const SKIPPED_FILES = /^(test_.*|.*_test|conftest|setup)\.py$/;

/** The Python files a server may start from. */
export interface PythonFiles {
  /** Relative to the folder searched, with `/`; nearest to it first, then by name. */
  files: string[];
  /** Folders with an `__init__.py`, relative. */
  packages: Set<string>;
  /** All files that end in .py, also those left out of `files`. */
  seen: number;
  /** True when a bound ended the search. */
  truncated: boolean;
}

/**
 * Searches a folder level by level, at most 4 deep and 2,000 files of at most 1 MB. Does not enter tests, build output,
 * virtual environments, hidden folders or symbolic links.
 */
export async function findPythonFiles(root: string): Promise<PythonFiles> {
  const found: PythonFiles = { files: [], packages: new Set(), seen: 0, truncated: false };
  let level = [''];
  let folders = 0;
  for (let depth = 0; depth <= MAX_DEPTH && level.length > 0; depth++) {
    const next: string[] = [];
    for (const folder of level) {
      folders += 1;
      if (folders > MAX_FOLDERS || found.files.length >= MAX_FILES) {
        found.truncated = true;
        return found;
      }
      next.push(...(await readFolder(root, folder, found)));
    }
    level = next;
  }
  return found;
}

// Notes the Python files of one folder; returns the folders to enter.
async function readFolder(root: string, folder: string, found: PythonFiles): Promise<string[]> {
  const items = await readdir(path.join(root, folder), { withFileTypes: true });
  if (folder !== '' && items.some((item) => item.name === 'pyvenv.cfg')) return [];
  const folders: string[] = [];
  for (const item of items.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const relative = folder === '' ? item.name : `${folder}/${item.name}`;
    if (item.isDirectory() && !isSkipped(item.name)) folders.push(relative);
    if (!item.isFile() || !item.name.endsWith('.py')) continue;
    found.seen += 1;
    if (item.name === '__init__.py') found.packages.add(folder === '' ? '.' : folder);
    if (SKIPPED_FILES.test(item.name) || found.files.length >= MAX_FILES) continue;
    if ((await stat(path.join(root, relative))).size <= MAX_BYTES) found.files.push(relative);
  }
  return readable(root, folders);
}

async function readable(root: string, folders: string[]): Promise<string[]> {
  const checks = folders.map((folder) =>
    access(path.join(root, folder), 5 /* R_OK | X_OK */).then(
      () => folder,
      () => null,
    ),
  );
  return (await Promise.all(checks)).filter((folder) => folder !== null);
}

function isSkipped(name: string): boolean {
  return name.startsWith('.') || name.endsWith('.egg-info') || SKIPPED_FOLDERS.has(name);
}
