import path from 'node:path';
import { DeploykitError } from '../../errors.js';
import { isTable } from '../key-path.js';
import { parseToml } from '../toml.js';
import { tomlLines } from '../toml-lines.js';
import { readText } from './read-text.js';
import { scanRequirements } from './requirement-lines.js';

/** The [project] table of a pyproject.toml (PEP 621), as far as it is read. */
export interface PyprojectProject {
  /** PEP 508, as written; null when the table leaves them to a build backend (`dynamic`). */
  dependencies: string[] | null;
  /** Files of [tool.setuptools.dynamic] that hold the dependencies. */
  dependencyFiles: string[];
  requiresPython: string | null;
  /** 1-based line of `requires-python`, or of [project]. */
  line: number;
}

/**
 * The document of a pyproject.toml, relative to the project; null when there is none.
 * @throws DeploykitError DK_DETECT_REQUIREMENTS when it is not TOML.
 */
export async function readDocument(dir: string, file: string): Promise<Record<string, unknown> | null> {
  const text = await readText(path.join(dir, file));
  return text === null ? null : parseToml(text, path.join(dir, file), file, 'DK_DETECT_REQUIREMENTS');
}

/**
 * Reads pyproject.toml in a folder; null when there is none, or none with a [project] table.
 * @param label how messages name the file.
 * @throws DeploykitError DK_DETECT_REQUIREMENTS when it is not TOML or its dependencies are not a list of PEP 508 text.
 */
export async function readPyproject(
  folder: string,
  label = 'pyproject.toml',
): Promise<PyprojectProject | null> {
  const file = path.join(folder, 'pyproject.toml');
  const text = await readText(file);
  if (text === null) return null;
  const document = parseToml(text, file, label, 'DK_DETECT_REQUIREMENTS');
  const project = document['project'];
  if (!isTable(project)) return null;
  const lines = tomlLines(text);
  const line = lines.get('project.requires-python') ?? lines.get('project') ?? 1;
  const requires = project['requires-python'];
  const dynamic = Array.isArray(project['dynamic']) && project['dynamic'].includes('dependencies');
  const dependencies = project['dependencies'] ?? (dynamic ? null : []);
  checkDependencies(dependencies, (message) => {
    return new DeploykitError('DK_DETECT_REQUIREMENTS', `${label}: ${message}`, {
      hint: 'dependencies is a list of text, e.g. ["flask>=3", "requests"] (PEP 621).',
      file,
      line: lines.get('project.dependencies') ?? line,
    });
  });
  return {
    dependencies,
    dependencyFiles: dynamic ? dynamicFiles(document) : [],
    requiresPython: typeof requires === 'string' ? requires : null,
    line,
  };
}

function checkDependencies(
  value: unknown,
  error: (message: string) => DeploykitError,
): asserts value is string[] | null {
  if (value === null) return;
  if (!Array.isArray(value)) throw error('[project] dependencies is not a list');
  for (const item of value) {
    if (typeof item !== 'string') throw error('[project] dependencies holds something that is not text');
    const [entry, more] = scanRequirements(item);
    const readable = entry?.kind === 'requirement' && more === undefined && /^[A-Za-z0-9]/.test(entry.spec);
    if (!readable) throw error(`"${item}" in [project] dependencies is not a requirement (PEP 508)`);
  }
}

function dynamicFiles(document: Record<string, unknown>): string[] {
  const steps = ['tool', 'setuptools', 'dynamic', 'dependencies', 'file'];
  const file = steps.reduce<unknown>((value, key) => (isTable(value) ? value[key] : undefined), document);
  return [file].flat().filter((each) => typeof each === 'string');
}
