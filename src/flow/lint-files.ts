import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { DeploykitError } from '../errors.js';
import { readIfThere } from '../host/files.js';
import { besideKind } from '../uwsgi/lint/beside/lint-beside.js';
import type { BesideKind } from '../uwsgi/lint/beside/rules.js';

/** A file to lint. */
export interface LintFile {
  /** Absolute. */
  file: string;
  text: string;
  kind: 'ini' | BesideKind;
}

const SKIPPED = new Set(['node_modules', 'venv', 'env', 'dist', 'build', '__pycache__', 'site-packages']);
const DEEPEST = 4;
const MOST_FILES = 20_000;
const LARGEST = 1024 * 1024;

/**
 * The files that are named.
 * @throws DeploykitError DK_USAGE for one that cannot be read, DK_LINT_FORMAT for a configuration that is not an ini.
 */
export async function namedFiles(names: readonly string[]): Promise<LintFile[]> {
  return Promise.all(
    names.map(async (name) => {
      const file = path.resolve(name);
      const text = await readNamed(file, name);
      const kind = besideKind(path.basename(file), text);
      if (kind === null) refuseOtherFormats(name, text);
      return { file, text, kind: kind ?? 'ini' };
    }),
  );
}

/** Everything in a folder that uWSGI reads or that decides how it runs: each ini with a [uwsgi] section, and others. */
export async function filesIn(folder: string): Promise<LintFile[]> {
  const found: LintFile[] = [];
  for (const file of await walk(folder, 0, { files: 0 })) {
    const name = path.basename(file);
    const mayBe = name.endsWith('.ini') || besideKind(name, 'uwsgi\nservices:\n') !== null;
    const text = mayBe ? await readIfThere(file) : null;
    if (text === null || text.length > LARGEST) continue;
    const kind = name.endsWith('.ini')
      ? /^\s*\uFEFF?\[\s*uwsgi/im.test(text)
        ? 'ini'
        : null
      : besideKind(name, text);
    if (kind) found.push({ file, text, kind });
  }
  return found;
}

async function walk(folder: string, depth: number, seen: { files: number }): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const sorted = entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const files: string[] = [];
  for (const entry of sorted) {
    if (++seen.files > MOST_FILES) break;
    if (entry.isFile()) files.push(path.join(folder, entry.name));
    const enter =
      entry.isDirectory() && !entry.name.startsWith('.') && !SKIPPED.has(entry.name) && depth < DEEPEST;
    if (enter) files.push(...(await walk(path.join(folder, entry.name), depth + 1, seen)));
  }
  return files;
}

async function readNamed(file: string, name: string): Promise<string> {
  try {
    const text = await readIfThere(file);
    if (text !== null) return text;
  } catch (error) {
    throw new DeploykitError('DK_USAGE', `${name} cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
  throw new DeploykitError('DK_USAGE', `${name} is not there`, {
    hint: 'Name a uwsgi.ini, or no file at all for those of the project.',
  });
}

function refuseOtherFormats(name: string, text: string): void {
  const format =
    /\.(xml|ya?ml|json|js)$/i.exec(name)?.[1]?.toLowerCase() ?? (/^\s*</.test(text) ? 'xml' : null);
  if (format === null) return;
  const shown = { xml: 'XML', json: 'JSON', js: 'JSON' }[format] ?? 'YAML';
  throw new DeploykitError(
    'DK_LINT_FORMAT',
    `${name} is a configuration in ${shown}, which lint does not read`,
    {
      hint: 'uWSGI reads it with the same options; print it as ini with `uwsgi --show-config`, and lint that.',
      file: path.resolve(name),
    },
  );
}
