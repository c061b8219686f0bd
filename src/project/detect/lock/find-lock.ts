import path from 'node:path';
import type { Finding, Requirements } from '../../types.js';
import { readDocument } from '../pyproject.js';
import { tableAt } from '../pyproject-lists.js';
import { readText } from '../read-text.js';
import { redactUrl } from '../redact-url.js';
import { type LockEntry, type LockInput, lockError, lockOf } from './lock-file.js';

type Read = (input: LockInput) => LockEntry[];

interface Format {
  /** The table of pyproject.toml that shows that the project uses this tool. */
  tool: string | null;
  load: () => Promise<Read>;
}

// In order of preference, where a project has several and does not say which tool it uses.
const FORMATS: Record<string, Format> = {
  'uv.lock': { tool: 'uv', load: async () => (await import('./uv-lock.js')).readUvLock },
  'poetry.lock': { tool: 'poetry', load: async () => (await import('./poetry-lock.js')).readPoetryLock },
  'pdm.lock': { tool: 'pdm', load: async () => (await import('./pdm-lock.js')).readPdmLock },
  'Pipfile.lock': { tool: null, load: async () => (await import('./pipfile-lock.js')).readPipfileLock },
  'pylock.toml': { tool: null, load: async () => (await import('./pylock.js')).readPylock },
};

/** Whether a file of this name is a lock that deploykit reads. */
export function isLockName(file: string): boolean {
  return FORMATS[path.posix.basename(file)] !== undefined;
}

/** The lock files of a folder, relative to the project; that of the tool pyproject.toml is written for first. */
export async function lockFiles(dir: string, folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of Object.keys(FORMATS)) {
    const file = path.posix.join(folder, name);
    if ((await readText(path.join(dir, file))) !== null) found.push(file);
  }
  if (found.length < 2) return found;
  const document = await readDocument(dir, path.posix.join(folder, 'pyproject.toml'));
  const isOwn = (file: string): boolean => {
    const tool = FORMATS[path.posix.basename(file)]?.tool;
    return typeof tool === 'string' && Object.keys(tableAt(document ?? {}, 'tool', tool)).length > 0;
  };
  return [...found.filter(isOwn), ...found.filter((file) => !isOwn(file))];
}

/**
 * What a lock file pins, as requirements with hashes; null when it holds nothing to install.
 * @throws DeploykitError DK_DETECT_REQUIREMENTS when its form is not known, or it is older than pyproject.toml.
 */
export async function readLock(
  dir: string,
  file: string,
  groups: readonly string[],
): Promise<{ finding: Finding<Requirements>; warnings: string[] } | null> {
  const text = await readText(path.join(dir, file));
  const format = FORMATS[path.posix.basename(file)];
  if (text === null || text.trim() === '' || format === undefined) return null;
  const pyprojectFile = path.posix.join(path.posix.dirname(file), 'pyproject.toml');
  const pyproject = await readDocument(dir, pyprojectFile);
  const read = await format.load();
  const input: LockInput = { text, file: path.join(dir, file), label: file, groups, pyproject };
  const entries = read(input);
  refuseOddNames(entries, input);
  const { lock, warnings } = lockOf(entries, file);
  const direct = lock.direct.map(redactUrl);
  if (direct.some((spec, index) => spec !== lock.direct[index])) {
    warnings.push(`${file} has a password in a URL; it was left out: give it to git or pip where they run`);
  }
  const specs = [...lock.packages.map(({ requirement }) => requirement), ...direct];
  if (specs.length === 0) return null;
  const value: Requirements = {
    kind: 'lock',
    file,
    files: [file],
    specs,
    hashed: true,
    lock: { ...lock, direct },
  };
  return { finding: { value, why: 'it pins every version, with hashes', file }, warnings };
}

// Names and versions become lines of a file and arguments of pip, where another text would be an option.
function refuseOddNames(entries: readonly LockEntry[], input: LockInput): void {
  for (const { name, version } of entries) {
    if (!/^[A-Za-z0-9]([\w.-]*[A-Za-z0-9])?$/.test(name)) {
      throw lockError(input, `${JSON.stringify(name)} is no name of a package`);
    }
    if (version !== null && !/^[\w.!+-]+$/.test(version)) {
      throw lockError(input, `${JSON.stringify(version)} is no version`);
    }
  }
}
