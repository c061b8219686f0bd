import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import { DeploykitError } from '../errors.js';
import { readIfThere } from './files.js';

/** A file of the project that goes into a release. */
export interface SourceEntry {
  /** Relative, with `/`. */
  path: string;
  kind: 'file' | 'link';
  /** 0o644 or 0o755: only the execute bit is kept, so that a checkout's umask changes nothing. */
  mode: number;
  contents: Buffer;
}

const MAX_FILES = 50_000;
const MAX_BYTES = 1024 ** 3;

/**
 * The project's files, sorted, without what .dockerignore and the given built-in patterns exclude.
 * Patterns are Docker's (@balena/dockerignore); the user's come last and so may re-include with `!`.
 * @param never paths that nothing brings back.
 * @throws DeploykitError DK_CONFIG_INVALID when the project is too large to be meant.
 */
export async function readSource(
  dir: string,
  builtIn: readonly string[],
  never: readonly string[] = [],
): Promise<SourceEntry[]> {
  const { default: dockerignore } = (await import('@balena/dockerignore')).default;
  const own = (await readIfThere(path.join(dir, '.dockerignore'))) ?? '';
  const patterns = [...builtIn, ...own.split(/\r?\n/)];
  const matcher = dockerignore({ ignorecase: false }).add(patterns);
  const reIncludes = patterns.some((pattern) => pattern.startsWith('!'));
  const entries: SourceEntry[] = [];
  let bytes = 0;
  const walk = async (folder: string): Promise<void> => {
    for (const item of await readdir(path.join(dir, folder), { withFileTypes: true })) {
      const relative = folder === '' ? item.name : `${folder}/${item.name}`;
      const ignored = matcher.ignores(relative) || never.includes(relative);
      // A folder that is ignored is entered only when a `!` pattern could bring something in it back.
      if (item.isDirectory() && (!ignored || (reIncludes && !isBuiltIn(relative)))) await walk(relative);
      if (ignored || item.isDirectory()) continue;
      const entry = await readEntry(dir, relative);
      if (!entry) continue;
      entries.push(entry);
      bytes += entry.contents.length;
      if (entries.length > MAX_FILES || bytes > MAX_BYTES) throw tooLarge(dir);
    }
  };
  await walk('');
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A hash over paths, modes and contents; times and owners do not count. */
export function hashSource(entries: readonly SourceEntry[]): string {
  const hash = createHash('sha256');
  for (const entry of entries) {
    hash.update(`${entry.kind} ${entry.mode.toString(8)} ${entry.contents.length} ${entry.path}\0`);
    hash.update(entry.contents);
  }
  return hash.digest('hex');
}

async function readEntry(dir: string, relative: string): Promise<SourceEntry | null> {
  const file = path.join(dir, relative);
  const info = await lstat(file);
  if (info.isSymbolicLink()) {
    return { path: relative, kind: 'link', mode: 0o777, contents: Buffer.from(await readlink(file)) };
  }
  if (!info.isFile()) return null; // sockets and fifos of a running server
  return {
    path: relative,
    kind: 'file',
    mode: info.mode & 0o100 ? 0o755 : 0o644,
    contents: await readFile(file),
  };
}

function isBuiltIn(relative: string): boolean {
  const name = relative.split('/').at(-1) ?? '';
  return ['.git', '.hg', '.svn', '.deploykit', 'node_modules', '__pycache__', '.venv', 'venv'].includes(name);
}

function tooLarge(dir: string): DeploykitError {
  return new DeploykitError('DK_CONFIG_INVALID', `${dir} holds more than ${MAX_FILES} files or 1 GB`, {
    hint: 'List what the server does not need in .dockerignore.',
  });
}
