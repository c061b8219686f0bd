import path from 'node:path';
import { DeploykitError } from '../../errors.js';
import type { Finding, Requirements } from '../types.js';
import { pipfileSpecs } from './pipfile.js';
import { readDocument, readPyproject } from './pyproject.js';
import { groupNames, pyprojectSpecs, tableAt } from './pyproject-lists.js';
import { readText } from './read-text.js';
import { readRequirementsFile } from './requirements-file.js';
import { setupCfgSpecs, setupPySpecs } from './setup-lists.js';

interface Declared {
  finding: Finding<Requirements> | null;
  warnings: string[];
}

const NOTHING: Declared = { finding: null, warnings: [] };

/**
 * The dependencies that pyproject.toml, a Pipfile, setup.cfg or setup.py lists.
 * @param file relative to the project folder.
 * @throws DeploykitError DK_DETECT_REQUIREMENTS.
 */
export async function declaredIn(dir: string, file: string, groups: readonly string[]): Promise<Declared> {
  const name = path.posix.basename(file);
  if (name === 'Pipfile') {
    const specs = await pipfileSpecs(dir, file, groups);
    return specs ? found(file, specs, 'its [packages] list the dependencies') : NOTHING;
  }
  if (!name.startsWith('setup.')) return fromPyproject(dir, file, groups);
  const text = await readText(path.join(dir, file));
  const specs = text === null ? [] : name === 'setup.cfg' ? setupCfgSpecs(text) : await setupPySpecs(text);
  if (specs && specs.length > 0) return found(file, specs, 'its install_requires lists the dependencies');
  const unread = `${file} makes its list by code, which is not run; write one that is read: pip freeze > requirements.txt`;
  return { finding: null, warnings: specs ? [] : [unread] };
}

async function fromPyproject(dir: string, file: string, groups: readonly string[]): Promise<Declared> {
  const document = await readDocument(dir, file);
  if (!document) return NOTHING;
  const folder = path.posix.dirname(file);
  const project = await readPyproject(path.join(dir, folder), file);
  refuseUnknownGroups(document, groups, path.join(dir, file), file);
  const specs = pyprojectSpecs(document, groups);
  const warnings: string[] = [];
  for (const each of project?.dependencyFiles ?? []) {
    const more = await readRequirementsFile(dir, path.posix.join(folder, each));
    specs.push(...more.specs);
    warnings.push(...more.warnings);
  }
  if (project?.dependencies === null && project.dependencyFiles.length === 0 && specs.length === 0) {
    return {
      finding: null,
      warnings: [`${file} leaves its dependencies to its build backend; they were not read`],
    };
  }
  const isPoetry = Object.keys(tableAt(document, 'tool', 'poetry')).length > 0;
  if (!project && !isPoetry && specs.length === 0) return NOTHING;
  if (specs.some((spec) => /:\/\/[^/@\s]*:[^/@\s]*@/.test(spec))) {
    warnings.push(`a dependency in ${file} has a password in its URL, which images and logs will show`);
  }
  const table = project?.dependencies ? '[project]' : isPoetry ? '[tool.poetry]' : '[dependency-groups]';
  const { finding } = found(file, specs, `its ${table} table lists the dependencies`);
  return { finding, warnings };
}

function refuseUnknownGroups(
  document: Record<string, unknown>,
  groups: readonly string[],
  file: string,
  label: string,
): void {
  const names = groupNames(document);
  const unknown = groups.find((group) => !names.includes(group));
  if (unknown === undefined) return;
  throw new DeploykitError('DK_DETECT_REQUIREMENTS', `${label} has no extra and no group called ${unknown}`, {
    hint: names.length > 0 ? `It has ${names.join(', ')}.` : 'It has none: leave out [app] groups.',
    file,
  });
}

function found(file: string, specs: string[], why: string): Declared {
  return { finding: { value: { kind: 'declared', file, files: [file], specs }, why, file }, warnings: [] };
}
