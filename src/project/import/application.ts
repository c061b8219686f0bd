import type { Draft } from './draft.js';
import type { Expanded } from './expand.js';
import { type Places, projectPath, startFolder } from './paths.js';

const MODULE = new Set([
  'module',
  'wsgi',
  'w',
  'mount',
  'manage-script-name',
  'callable',
  'wsgi-file',
  'file',
]);
/** uWSGI's name for the callable when none is given (plugins/python). */
const DEFAULT_CALLABLE = 'application';

/** The options that say which callable is served. */
export const isApplication = (option: string): boolean => MODULE.has(option);

/** app.module and app.dir, from whichever of uWSGI's ways of naming an application the file uses. */
export function importApplication(options: readonly Expanded[], places: Places, draft: Draft): void {
  const last = (...names: string[]): Expanded | undefined =>
    options.findLast(({ option }) => names.includes(option));
  const callable = last('callable')?.value ?? DEFAULT_CALLABLE;
  const mounts = options.filter(({ option }) => option === 'mount');
  const root = mounts.find(({ value }) => /^\/?=/.test(value));
  const source = last('module', 'wsgi', 'w') ?? last('wsgi-file', 'file') ?? root;
  for (const mount of mounts) {
    if (mount !== source) draft.remark(mount, 'a project serves one callable; mount the other inside it');
  }
  if (!source) return;
  const written = source === root ? source.value.replace(/^\/?=/, '') : source.value;
  const module = /\.py$|\//.test(written) ? moduleOfFile(written, places) : written;
  if (module === null) {
    draft.remark(source, 'it is not a file of the project folder; name the callable in [app] module');
    return;
  }
  draft.set('app.module', module.includes(':') ? module : `${module}:${callable}`, source);
  const folder = startFolder(places);
  const chdir = last('chdir', 'chdir2');
  if (folder !== '.' && chdir) draft.set('app.dir', folder, chdir);
}

// `shop/wsgi.py` below the folder the server starts in is the module `shop.wsgi` there.
function moduleOfFile(file: string, places: Places): string | null {
  const inProject = projectPath(file, places);
  if (inProject === null) return null;
  const folder = startFolder(places);
  const below =
    folder === '.'
      ? inProject
      : inProject.startsWith(`${folder}/`)
        ? inProject.slice(folder.length + 1)
        : null;
  return below?.replace(/\.py$/, '').replaceAll('/', '.') ?? null;
}
