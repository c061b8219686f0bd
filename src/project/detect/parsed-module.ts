import path from 'node:path';
import type { Binding } from './binding.js';
import type { ModuleFacts } from './module-facts.js';

/** A module with the name it is imported by. */
export interface ParsedModule {
  /** Relative to the folder searched, with `/`. */
  file: string;
  /** The folder that must be on sys.path, relative likewise; `.` for the folder searched. */
  root: string;
  /** Dotted, as imported from `root`. */
  name: string;
  source: string;
  /** Local name → dotted name it stands for, with relative imports resolved. */
  imports: Map<string, { dotted: string; at: number; runs: boolean }>;
  /** Modules of `from x import *`. */
  stars: string[];
  bindings: Binding[];
}

/**
 * Gives every file its module name. A folder without `__init__.py` is where imports begin, unless a file in it imports
 * relatively or through the folder's own name, as in a namespace package (PEP 420).
 * @param fixedRoot true when the folder searched is app.dir: then every name begins there.
 */
export function nameModules(
  facts: ModuleFacts[],
  initFolders: ReadonlySet<string>,
  fixedRoot: boolean,
): ParsedModule[] {
  const packages = new Set([...initFolders, ...namespacePackages(facts, initFolders)]);
  return facts
    .filter(({ file }) => !initFolders.has(file.replace(/\.py$/, '')))
    .map((each) => nameModule(each, fixedRoot ? '.' : rootOf(each.file, packages)))
    .filter((module) => module.name !== '');
}

function namespacePackages(facts: ModuleFacts[], initFolders: ReadonlySet<string>): string[] {
  const files = new Set(facts.map(({ file }) => file));
  const saying = facts.filter(({ file, imports }) => {
    const folder = path.posix.dirname(file);
    const own = path.posix.basename(folder);
    // In app/, `import app` means app/app.py if there is one.
    const inner = files.has(`${folder}/${own}.py`) || initFolders.has(`${folder}/${own}`);
    return imports.some(({ module }) => module.startsWith('.') || (module.split('.')[0] === own && !inner));
  });
  return saying.map(({ file }) => path.posix.dirname(file)).filter((folder) => folder !== '.');
}

function rootOf(file: string, packages: ReadonlySet<string>): string {
  let folder = path.posix.dirname(file);
  while (folder !== '.' && packages.has(folder)) folder = path.posix.dirname(folder);
  return folder;
}

function nameModule(facts: ModuleFacts, root: string): ParsedModule {
  const { file, source, bindings } = facts;
  const isPackage = path.posix.basename(file) === '__init__.py';
  const dotted = path.posix.relative(root, file).replace(/\.py$/, '').replaceAll('/', '.');
  const name = isPackage ? dotted.replace(/\.?__init__$/, '') : dotted;
  const parent = isPackage ? name : name.split('.').slice(0, -1).join('.');
  const imports: ParsedModule['imports'] = new Map();
  const stars: string[] = [];
  for (const { local, module, name: imported, at, runs } of facts.imports) {
    const from = absolute(module, parent);
    if (local === '*') stars.push(from);
    else if (!imports.has(local) || (runs && !imports.get(local)?.runs))
      imports.set(local, { dotted: imported === null ? from : `${from}.${imported}`, at, runs });
  }
  return { file, root, name, source, imports, stars, bindings };
}

// `.x` in package `a.b` is `a.b.x`; every further dot goes one package up.
function absolute(module: string, parent: string): string {
  const dots = /^\.*/.exec(module)?.[0].length ?? 0;
  if (dots === 0) return module;
  const base = parent.split('.');
  return [...base.slice(0, base.length - (dots - 1)), module.slice(dots)]
    .filter((part) => part !== '')
    .join('.');
}
