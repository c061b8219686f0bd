import path from 'node:path';
import { DeploykitError } from '../../errors.js';
import type { Finding, Requirements } from '../types.js';
import { declaredIn } from './declared.js';
import { isLockName, lockFiles, readLock } from './lock/find-lock.js';
import { readText } from './read-text.js';
import { readRequirementsFile } from './requirements-file.js';

/** What lists the dependencies; `finding` is null when nothing that deploykit reads does. */
export interface RequirementsSearch {
  finding: Finding<Requirements> | null;
  warnings: string[];
}

const FILE_NAME = 'requirements.txt';
// Habits rather than standards: they come after pyproject.toml.
const OTHER_NAMES = ['requirements/production.txt', 'requirements/prod.txt', 'requirements/base.txt'];
// Lists of other formats, best first.
const DECLARED = ['pyproject.toml', 'Pipfile', 'setup.cfg', 'setup.py'];

/**
 * The dependency list: the file named, else a lock file, requirements.txt, pyproject.toml, requirements/production.txt
 * and its like, Pipfile, setup.cfg, setup.py; in the project folder first, then in app.dir.
 * @param named relative to the project folder.
 * @param groups extras and dependency groups to install beside the main list.
 * @throws DeploykitError DK_DETECT_REQUIREMENTS, DK_FILE_OUTSIDE.
 */
export async function findRequirements(
  dir: string,
  appDir: string,
  named?: string,
  groups: readonly string[] = [],
): Promise<RequirementsSearch> {
  if (named !== undefined) return readNamed(dir, path.posix.normalize(named), groups);
  const warnings: string[] = [];
  for (const folder of new Set(['.', path.posix.normalize(appDir)])) {
    const found = (await fromLock(dir, folder, groups)) ?? (await fromFolder(dir, folder, groups, warnings));
    if (found) return found;
  }
  return { finding: null, warnings: [...warnings, ...(await condaList(dir))] };
}

async function readNamed(dir: string, named: string, groups: readonly string[]): Promise<RequirementsSearch> {
  const why = 'the project file names it';
  const isThere = await isFile(dir, named);
  if (isThere && isLockName(named)) {
    const locked = await readLock(dir, named, groups);
    if (locked) return { ...locked, finding: { ...locked.finding, why } };
    throw nothingIn(dir, named, 'locks nothing');
  }
  const name = path.posix.basename(named);
  const isDeclared = DECLARED.includes(name) || named.endsWith('.toml');
  // Reading a list that is not there gives the error that says so.
  if (!isThere || !isDeclared) return fromFile(dir, named, why);
  const found = await declaredIn(dir, named, groups);
  if (found.finding) return found;
  throw nothingIn(
    dir,
    named,
    name === 'pyproject.toml' ? 'has no [project] dependencies' : 'lists no dependencies',
  );
}

async function fromLock(
  dir: string,
  folder: string,
  groups: readonly string[],
): Promise<RequirementsSearch | null> {
  const files = await lockFiles(dir, folder);
  for (const [index, file] of files.entries()) {
    const found = await readLock(dir, file, groups);
    if (!found) continue;
    const list = path.posix.join(folder, FILE_NAME);
    const rivals = [...files.slice(index + 1), ...((await isFile(dir, list)) ? [list] : [])];
    const doubt = `${file} is installed, and ${rivals.join(' and ')} is not; settle it with [app] requirements`;
    return { ...found, warnings: [...found.warnings, ...(rivals.length > 0 ? [doubt] : [])] };
  }
  return null;
}

async function fromFolder(
  dir: string,
  folder: string,
  groups: readonly string[],
  warnings: string[],
): Promise<RequirementsSearch | null> {
  const own = path.posix.join(folder, FILE_NAME);
  if (await isFile(dir, own)) return fromFile(dir, own, await whyFile(dir, folder, own));
  for (const [index, name] of DECLARED.entries()) {
    const project = await declaredIn(dir, path.posix.join(folder, name), groups);
    // An empty list beside code that imports a framework is a list nobody keeps.
    if (project.finding && project.finding.value.specs.length > 0) return project;
    warnings.push(...project.warnings);
    for (const other of index === 0 ? OTHER_NAMES : []) {
      const file = path.posix.join(folder, other);
      if (await isFile(dir, file)) return fromFile(dir, file, `${file} is there`);
    }
  }
  return null;
}

async function fromFile(dir: string, file: string, why: string): Promise<RequirementsSearch> {
  const { files, specs, hashed, warnings } = await readRequirementsFile(dir, file);
  const value: Requirements = { kind: 'requirements', file, files, specs, ...(hashed ? { hashed } : {}) };
  return { finding: { value, why, file }, warnings };
}

async function whyFile(dir: string, folder: string, file: string): Promise<string> {
  const rival = path.posix.join(folder, 'pyproject.toml');
  if (!(await isFile(dir, rival))) return `${file} is there`;
  return `${file} goes before ${rival}: it is the list that was made to be installed`;
}

// Conda resolves its list itself, partly from packages pip does not have.
async function condaList(dir: string): Promise<string[]> {
  for (const name of ['environment.yml', 'environment.yaml']) {
    if (await isFile(dir, name)) {
      return [`${name} is not read; write a list that is: pip freeze > requirements.txt`];
    }
  }
  return [];
}

function nothingIn(dir: string, named: string, what: string): DeploykitError {
  return new DeploykitError('DK_DETECT_REQUIREMENTS', `${named} ${what}`, {
    hint: 'Add a [project] table (PEP 621), or name a requirements file in [app] requirements.',
    file: path.join(dir, named),
  });
}

async function isFile(dir: string, file: string): Promise<boolean> {
  return (await readText(path.join(dir, file))) !== null;
}
