import path from 'node:path';
import { DeploykitError } from '../../errors.js';
import type { Finding, Requirements } from '../types.js';
import { readPyproject } from './pyproject.js';
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

// Lists that only their own tools can resolve, and how those tools write one that pip can.
const FOREIGN: Record<string, string> = {
  Pipfile: 'pipenv requirements > requirements.txt',
  'poetry.lock': 'poetry export --output requirements.txt',
  'pdm.lock': 'pdm export --output requirements.txt',
  'environment.yml': 'pip freeze > requirements.txt',
  'setup.py': 'pip freeze > requirements.txt',
  'setup.cfg': 'pip freeze > requirements.txt',
};

/**
 * The dependency list: the file named, else requirements.txt, else [project] in pyproject.toml, else
 * requirements/production.txt and its like; in the project folder first, then in app.dir.
 * @param named relative to the project folder.
 * @throws DeploykitError DK_DETECT_REQUIREMENTS, DK_FILE_OUTSIDE.
 */
export async function findRequirements(
  dir: string,
  appDir: string,
  named?: string,
): Promise<RequirementsSearch> {
  if (named !== undefined) return readNamed(dir, named);
  const warnings: string[] = [];
  for (const folder of new Set(['.', path.posix.normalize(appDir)])) {
    const own = path.posix.join(folder, FILE_NAME);
    if (await isFile(dir, own)) return fromFile(dir, own, await whyFile(dir, folder, own));
    const project = await fromPyproject(dir, folder);
    // An empty list beside code that imports a framework is a list nobody keeps.
    if (project.finding && project.finding.value.specs.length > 0) return project;
    warnings.push(...project.warnings);
    for (const name of OTHER_NAMES) {
      const file = path.posix.join(folder, name);
      if (await isFile(dir, file)) return fromFile(dir, file, `${file} is there`);
    }
  }
  return { finding: null, warnings: [...warnings, ...(await foreignLists(dir))] };
}

async function readNamed(dir: string, named: string): Promise<RequirementsSearch> {
  // Reading a list that is not there gives the error that says so.
  const isProject = named.endsWith('.toml') && (await isFile(dir, named));
  if (!isProject) return fromFile(dir, path.posix.normalize(named), 'the project file names it');
  const found = await fromPyproject(dir, path.posix.dirname(named));
  if (found.finding) return found;
  throw new DeploykitError('DK_DETECT_REQUIREMENTS', `${named} has no [project] dependencies`, {
    hint: 'Add a [project] table (PEP 621), or name a requirements file in [app] requirements.',
    file: path.join(dir, named),
  });
}

async function fromFile(dir: string, file: string, why: string): Promise<RequirementsSearch> {
  const { files, specs, warnings } = await readRequirementsFile(dir, file);
  return { finding: { value: { kind: 'requirements', file, files, specs }, why, file }, warnings };
}

async function fromPyproject(dir: string, folder: string): Promise<RequirementsSearch> {
  const file = path.posix.join(folder, 'pyproject.toml');
  const project = await readPyproject(path.join(dir, folder), file);
  if (!project) return { finding: null, warnings: [] };
  const warnings: string[] = [];
  const specs = [...(project.dependencies ?? [])];
  for (const each of project.dependencyFiles) {
    const more = await readRequirementsFile(dir, path.posix.join(folder, each));
    specs.push(...more.specs);
    warnings.push(...more.warnings);
  }
  if (project.dependencies === null && project.dependencyFiles.length === 0) {
    return {
      finding: null,
      warnings: [`${file} leaves its dependencies to its build backend; they were not read`],
    };
  }
  if (specs.some((spec) => /:\/\/[^/@\s]*:[^/@\s]*@/.test(spec))) {
    warnings.push(`a dependency in ${file} has a password in its URL, which images and logs will show`);
  }
  const value: Requirements = { kind: 'pyproject', file, files: [file], specs };
  return { finding: { value, why: 'its [project] table lists the dependencies', file }, warnings };
}

async function whyFile(dir: string, folder: string, file: string): Promise<string> {
  const rival = path.posix.join(folder, 'pyproject.toml');
  if (!(await isFile(dir, rival))) return `${file} is there`;
  return `${file} goes before ${rival}: it is the list that was made to be installed`;
}

async function foreignLists(dir: string): Promise<string[]> {
  for (const [name, command] of Object.entries(FOREIGN)) {
    if (await isFile(dir, name)) return [`${name} is not read; write a list that is: ${command}`];
  }
  return [];
}

async function isFile(dir: string, file: string): Promise<boolean> {
  return (await readText(path.join(dir, file))) !== null;
}
