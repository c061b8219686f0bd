import type { Confidence } from '../types.js';
import { ENTRY_NAMES, FACTORY_NAMES, isProgram, lastPart } from './entry-names.js';
import type { FoundCallable } from './framework-detector.js';
import type { ParsedModule } from './parsed-module.js';

const ROOT_ENTRY = 500;
const ROOT_MODULE = 1000;
const ENTRY_IN_FOLDER = 2000;
/** Rank of what is neither at the root nor in an entry file. */
export const OTHER = 4000;
const BESIDE = 4000;
const PER_LEVEL = 200;
const PER_NAMED_LEVEL = 10;
const PACKAGE_NAMED = 3;
const PACKAGE = 100;
const PROGRAM = 50;
const ENTRY_FACTORY = 50;
const OTHER_FACTORY = 1500;
const PER_FILE_NAME = 5;

// Folders of programs about the project rather than of it.
const BESIDE_FOLDERS = /(^|\/)(docs?|examples?|samples?|demos?|scripts?|tools?)\//;

/**
 * How unlikely a callable is the one to serve; 0 is best, equal ranks cannot be told apart. In order: what the project
 * names itself, entry files at the root, other modules at the root, entry files in folders, the rest; each level of
 * folders counts. A factory comes after the objects of its file, and outside of entry files after those of entry files
 * in folders too, which often call it. `app` goes before `application`
 * before other names, and after it in wsgi.py, of which servers take `application`. A program beside the application,
 * such as manage.py, comes after the other modules of its place.
 */
export function rankOf(found: FoundCallable, module: ParsedModule, deploymentName: string): number {
  const depth = module.file.split('/').length - 1;
  if (found.named) {
    const named = found.named === 'package' ? PACKAGE_NAMED : 0;
    return depth * PER_NAMED_LEVEL + named + nameRank(found.callable, module);
  }
  const fileName = [...ENTRY_NAMES, deploymentName.replaceAll('-', '_')].indexOf(lastPart(module.name));
  const isEntry = fileName >= 0;
  const factory = found.callable.endsWith('()') ? (isEntry ? ENTRY_FACTORY : OTHER_FACTORY) : 0;
  const beside = BESIDE_FOLDERS.test(module.file) ? BESIDE : 0;
  const order = isEntry ? fileName * PER_FILE_NAME : 0;
  const program = isProgram(module.name) ? PROGRAM : 0;
  return (
    placeRank(module, isEntry, depth) + beside + factory + order + program + nameRank(found.callable, module)
  );
}

/** How sure a rank is: the project names it; it is where such things are; it could be; it is beside the project. */
export function confidenceOf(rank: number): Confidence {
  if (rank < ROOT_ENTRY) return 'certain';
  if (rank < ROOT_MODULE) return 'likely';
  return rank < OTHER + BESIDE ? 'possible' : 'unlikely';
}

function placeRank({ root, name, file }: ParsedModule, isEntry: boolean, depth: number): number {
  if (root !== '.' || name.includes('.')) return (isEntry ? ENTRY_IN_FOLDER : OTHER) + depth * PER_LEVEL;
  return isEntry ? ROOT_ENTRY : ROOT_MODULE + (file.endsWith('/__init__.py') ? PACKAGE : 0);
}

function nameRank(callable: string, module: ParsedModule): number {
  const objects = lastPart(module.name) === 'wsgi' ? ['application', 'app'] : ['app', 'application'];
  const names = callable.endsWith('()') ? FACTORY_NAMES.map((name) => `${name}()`) : objects;
  const index = names.indexOf(callable);
  return index < 0 ? names.length : index;
}
