import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { DeploykitError } from '../../errors.js';
import { importAddress, isAddress } from './address.js';
import { importApplication, isApplication } from './application.js';
import { Draft, type ImportedValue, type Remark } from './draft.js';
import { type Expanded, expandIni } from './expand.js';
import { importOption } from './rules.js';

/** What an existing uwsgi.ini says, in the words of the project file. */
export interface Imported {
  /** The ini, relative to the project folder. */
  file: string;
  /** By dotted key path. */
  values: ReadonlyMap<string, ImportedValue>;
  /** What could not be carried over, or means something else now; in the order of the file. */
  remarks: Remark[];
}

/**
 * Reads the [uwsgi] section of an existing deployment's ini as settings of a project file. Nothing of it is run.
 * @param dir the project folder; `file` is relative to the current folder.
 * @throws DeploykitError DK_USAGE (no such file, another format, or no [uwsgi] section).
 */
export async function importIni(dir: string, file: string): Promise<Imported> {
  const text = await read(file);
  const folders = { project: path.resolve(dir), ini: path.dirname(path.resolve(file)) };
  return importText(text, folders, path.relative(folders.project, path.resolve(file)));
}

/** The same of a text. @param folders absolute. */
export function importText(text: string, folders: { project: string; ini: string }, file: string): Imported {
  const options = expandIni(text);
  if (options.length === 0) {
    throw new DeploykitError('DK_USAGE', `${file} has no options in a [uwsgi] section`, {
      hint: 'init --from reads the ini of uWSGI: a section [uwsgi] with lines "option = value".',
      file,
    });
  }
  const places = { ...folders, chdir: chdirOf(options, folders.ini) };
  const draft = new Draft();
  importApplication(options, places, draft);
  importAddress(options, draft);
  for (const each of options) {
    if (!isApplication(each.option) && !isAddress(each.option)) importOption(each, draft, places);
  }
  oneTopology(options, draft);
  return { file, values: draft.values, remarks: draft.remarks.sort((a, b) => a.line - b.line) };
}

function chdirOf(options: readonly Expanded[], ini: string): string | null {
  const chdir = options.findLast(({ option }) => option === 'chdir');
  if (!chdir || chdir.foreign) return null;
  return path.resolve(ini, chdir.value.replace(/^%d\/?/, './') || '.');
}

// The gevent loop takes the place of the threads' (plugins/gevent/gevent.c): they were started and never used.
function oneTopology(options: readonly Expanded[], draft: Draft): void {
  const threads = options.findLast(({ option }) => option === 'threads');
  if (!threads || !draft.values.has('server.threads')) return;
  if (!draft.values.has('server.async') && draft.values.get('server.threads')?.value !== 1) return;
  draft.values.delete('server.threads');
  if (draft.values.has('server.async')) draft.remark(threads, 'beside gevent, threads serve nothing');
}

async function read(file: string): Promise<string> {
  if (/\.(xml|ya?ml|json)$/i.test(file)) {
    throw new DeploykitError('DK_USAGE', `${file} is not an ini file`, {
      hint: 'init --from reads ini files only; write the options as "option = value" lines below [uwsgi].',
      file,
    });
  }
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new DeploykitError('DK_USAGE', `${file} cannot be read: ${(error as Error).message}`, {
      hint: 'Name the uwsgi.ini of the deployment you have.',
      file,
      cause: error,
    });
  }
}
