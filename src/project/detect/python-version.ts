import path from 'node:path';
import { DeploykitError } from '../../errors.js';
import { tomlLines } from '../toml-lines.js';
import type { Finding } from '../types.js';
import { poetryVersions } from './poetry-requirement.js';
import { readDocument, readPyproject } from './pyproject.js';
import { tableAt } from './pyproject-lists.js';
import { readText } from './read-text.js';

// 3.11 first: the newest without an open crash under uWSGI; then by how widely packages have wheels for them.
const PREFERENCE = [11, 12, 13, 10, 9, 14, 8, 7, 6];
const HIGHEST_PATCH = 40;

/** The Python version the project asks for, as `3.N`; null when nothing says. */
export interface PythonSearch {
  finding: Finding<string> | null;
  warnings: string[];
}

/**
 * Reads, in this order: .python-version, requires-python in pyproject.toml, runtime.txt, .tool-versions, Pipfile,
 * setup.cfg, setup.py.
 */
export async function findPythonVersion(dir: string): Promise<PythonSearch> {
  const warnings: string[] = [];
  const finding =
    (await pinned(dir, '.python-version', /^(?:cpython-|python-)?(\d+\.\d+)/m, warnings)) ??
    (await required(dir, warnings)) ??
    (await pinned(dir, 'runtime.txt', /^python-(\d+\.\d+)/m, warnings)) ??
    (await pinned(dir, '.tool-versions', /^python[ \t]+(\d+\.\d+)/m, warnings)) ??
    (await pinned(dir, 'Pipfile', /^python_(?:full_)?version[ \t]*=[ \t]*["'](\d+\.\d+)/m, warnings)) ??
    (await requiredBySetup(dir, warnings)) ??
    (await requiredByCode(dir, warnings));
  return { finding, warnings };
}

async function pinned(
  dir: string,
  file: string,
  pattern: RegExp,
  warnings: string[],
): Promise<Finding<string> | null> {
  const text = await readText(path.join(dir, file));
  const match = text === null ? null : pattern.exec(text.replace(/[ \t]*#.*$/gm, ''));
  const version = match?.[1];
  if (version === undefined) return null;
  if (!/^3\.\d{1,2}$/.test(version)) {
    warnings.push(`${file} asks for Python ${version}, which is not supported; it was not followed`);
    return null;
  }
  const line = (text ?? '').slice(0, match?.index).split('\n').length;
  return { value: version, why: `it asks for Python ${version}`, file, line };
}

async function required(dir: string, warnings: string[]): Promise<Finding<string> | null> {
  const found = await readOrWarn(dir, warnings);
  return found && satisfying(found.specifier, found.name, found.place, warnings);
}

// setuptools' older place for the same: [options] python_requires in setup.cfg.
async function requiredBySetup(dir: string, warnings: string[]): Promise<Finding<string> | null> {
  const file = 'setup.cfg';
  const text = await readText(path.join(dir, file));
  if (text === null) return null;
  const { default: ini } = await import('ini');
  const specifier: unknown = ini.parse(text)['options']?.['python_requires'];
  if (typeof specifier !== 'string' || specifier === '') return null;
  const line = text.split('\n').findIndex((each) => each.startsWith('python_requires')) + 1;
  return satisfying(specifier, 'python_requires', { file, line }, warnings);
}

async function requiredByCode(dir: string, warnings: string[]): Promise<Finding<string> | null> {
  const file = 'setup.py';
  const text = (await readText(path.join(dir, file))) ?? '';
  const match = /^[^#\n]*\bpython_requires\s*=\s*(["'])([^"'\n]+)\1/m.exec(text);
  if (!match) return null;
  const line = text.slice(0, match.index).split('\n').length;
  return satisfying(match[2] ?? '', 'python_requires', { file, line }, warnings);
}

// The preferred version that a specifier (PEP 440) allows in any of its patch releases.
async function satisfying(
  specifier: string,
  name: string,
  place: { file: string; line: number },
  warnings: string[],
): Promise<Finding<string> | null> {
  const { default: pep440 } = await import('@renovatebot/pep440');
  const minor = PREFERENCE.find((each) => {
    return patches().some((patch) => pep440.satisfies(`3.${each}.${patch}`, specifier));
  });
  if (minor !== undefined) return { value: `3.${minor}`, why: `${name} = "${specifier}"`, ...place };
  warnings.push(`${place.file}: no Python that deploykit knows satisfies ${name} = "${specifier}"`);
  return null;
}

interface Wanted {
  specifier: string;
  name: string;
  place: { file: string; line: number };
}

// Who needs the dependencies reports a broken file; here it only says nothing about the version.
async function readOrWarn(dir: string, warnings: string[]): Promise<Wanted | null> {
  const file = 'pyproject.toml';
  try {
    const project = await readPyproject(dir);
    if (project?.requiresPython) {
      const place = { file, line: project.line };
      return { specifier: project.requiresPython, name: 'requires-python', place };
    }
    return await wantedByPoetry(dir, file);
  } catch (error) {
    if (!(error instanceof DeploykitError)) throw error;
    warnings.push(`${error.message} (it was not read)`);
    return null;
  }
}

// In [tool.poetry.dependencies] the interpreter stands among the packages.
async function wantedByPoetry(dir: string, file: string): Promise<Wanted | null> {
  const document = await readDocument(dir, file);
  const python = tableAt(document ?? {}, 'tool', 'poetry', 'dependencies')['python'];
  if (typeof python !== 'string' || python === '*') return null;
  const lines = tomlLines((await readText(path.join(dir, file))) ?? '');
  const line = lines.get('tool.poetry.dependencies.python') ?? 1;
  return { specifier: poetryVersions(python), name: 'python', place: { file, line } };
}

function patches(): number[] {
  return Array.from({ length: HIGHEST_PATCH + 1 }, (_, patch) => patch);
}
