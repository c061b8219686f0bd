import { distributionName } from '../distribution-name.js';
import type { CallableFinding, Detection, Finding, Framework, Requirements } from '../types.js';
import { findCallables } from './callables.js';
import { deploymentName } from './deployment-name.js';
import { FRAMEWORKS } from './frameworks.js';
import { moduleFile } from './module-file.js';
import { findPythonVersion } from './python-version.js';
import { findRequirements, type RequirementsSearch } from './requirements.js';

/** What is known already, so that it is not searched for. */
export interface Known {
  /** app.dir, when the user set it. */
  appDir?: string | undefined;
  /** app.module, e.g. `shop.wsgi:app`. */
  module?: string | undefined;
  /** app.requirements. */
  requirements?: string | undefined;
  /** app.groups. */
  groups?: readonly string[] | undefined;
  /** The deployment's name. */
  name?: string | undefined;
}

/**
 * Reads a project: name, framework, WSGI callables, Python version, dependencies. Parses files and runs none.
 * @throws DeploykitError DK_DETECT_REQUIREMENTS, DK_FILE_OUTSIDE (an include of a requirements file).
 */
export async function detect(dir: string, known: Known = {}): Promise<Detection> {
  const name = deploymentName(dir);
  const python = await findPythonVersion(dir);
  let requirements = await findRequirements(dir, known.appDir ?? '.', known.requirements, known.groups);
  const listed = frameworksIn(requirements.finding?.value);
  const search = (await isSettled(dir, known, listed))
    ? { callables: [], pythonFiles: null, obstacles: [], warnings: [] }
    : await findCallables(dir, known.appDir, known.name ?? name.value);
  const likely = search.callables.find(({ value }) => value === known.module) ?? search.callables[0];
  // The list of an application in a folder of its own often lies beside it.
  if (!requirements.finding && known.appDir === undefined && likely && likely.dir !== '.') {
    requirements = await findRequirements(dir, likely.dir, undefined, known.groups);
  }
  const framework = frameworkOf(likely, listed, requirements);
  return {
    name,
    framework,
    callables: search.callables,
    python: python.finding,
    requirements: requirements.finding ?? noList(framework),
    pythonFiles: search.pythonFiles,
    obstacles: search.obstacles,
    warnings: [...requirements.warnings, ...python.warnings, ...search.warnings],
  };
}

// With the module named, its file where the name says, and one framework listed, there is nothing to search for.
async function isSettled(dir: string, known: Known, listed: Framework[]): Promise<boolean> {
  if (known.module === undefined || listed.length !== 1) return false;
  return moduleFile(dir, known.appDir ?? '.', known.module).then((file) => file !== null);
}

function frameworksIn(requirements: Requirements | undefined): Framework[] {
  const names = new Set((requirements?.specs ?? []).map(distributionName));
  return FRAMEWORKS.flatMap(({ framework }) =>
    framework !== null && names.has(framework) ? [framework] : [],
  );
}

function frameworkOf(
  likely: CallableFinding | undefined,
  listed: Framework[],
  requirements: RequirementsSearch,
): Finding<Framework> | null {
  if (likely?.framework) {
    const { framework, dir: _dir, rank: _rank, ...evidence } = likely;
    return { ...evidence, value: framework };
  }
  const [first] = listed;
  if (first === undefined) return null;
  const file = requirements.finding?.value.file;
  return { value: first, why: `${file} lists ${first}`, ...(file === undefined ? {} : { file }) };
}

function noList(framework: Finding<Framework> | null): Finding<Requirements> {
  const specs = framework ? [framework.value] : [];
  const where = framework?.file === undefined ? 'the code' : framework.file;
  const why = framework
    ? `no list of dependencies; ${framework.value} is installed because ${where} uses it`
    : 'no list of dependencies';
  return { value: { kind: 'none', files: [], specs }, why };
}
