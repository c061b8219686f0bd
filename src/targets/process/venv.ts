import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DeploykitError } from '../../errors.js';
import { editedByHand } from '../../host/artefacts.js';
import { endRecorded, run } from '../../host/run.js';
import { LOCKED_REQUIREMENTS } from '../../plan/layout.js';
import { pipInstalls } from '../../plan/pip-installs.js';
import type { Plan } from '../../plan/types.js';
import type { Project } from '../../project/types.js';
import { UWSGI_VERSION } from '../../uwsgi/options.js';
import { failedRequirement } from '../failed-requirement.js';
import type { Reporter } from '../target.js';
import type { Python } from './python.js';
import { dropWheel, uwsgiWheel } from './uwsgi-wheel.js';
import { verifyBinary } from './verify-binary.js';

interface VenvInput {
  plan: Plan;
  projectDir: string;
  python: Python;
  env: Record<string, string>;
  reporter: Reporter;
  signal: AbortSignal;
}

// Written last: a folder without it was left by a run that did not end.
const COMPLETE = '.deploykit-complete';

/** The folder of the virtual environment for these requirements and this interpreter. */
export async function venvFolder(project: Project, targetName: string, python: Python): Promise<string> {
  const { requirements } = project.app;
  const locked = path.posix.join('.deploykit', targetName, LOCKED_REQUIREMENTS);
  const installs = pipInstalls(project, LOCKED_REQUIREMENTS);
  const hash = createHash('sha256').update(JSON.stringify([UWSGI_VERSION, python.key, installs]));
  for (const file of requirements.files)
    hash.update(`\0${file}\0`).update(await readFile(path.join(project.dir, file)));
  // The file rendered from a lock follows from it, unless somebody changed it.
  if (requirements.lock) hash.update((await editedByHand(project.dir, locked)) ?? '');
  return path.join(project.dir, '.deploykit', 'venvs', hash.digest('hex').slice(0, 12));
}

/**
 * Makes the plan's virtual environment, or finds it made. A failure or an interrupt removes what was begun.
 * @throws DeploykitError DK_REQUIREMENT_FAILED, DK_UWSGI_BUILD_FAILED, DK_COMPILER_MISSING, DK_PYTHON_HEADERS_MISSING.
 */
export async function ensureVenv(input: VenvInput): Promise<void> {
  const folder = input.plan.layout.venv;
  if (existsSync(path.join(folder, COMPLETE))) return;
  await mkdir(path.dirname(folder), { recursive: true });
  // A pip that outlived its deploykit would go on writing into the folder that is made anew.
  await endRecorded(`${folder}.running`);
  await rm(folder, { recursive: true, force: true });
  try {
    await make(input, folder);
    await writeFile(path.join(folder, COMPLETE), '');
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Removes the virtual environments of other releases. */
export async function pruneVenvs(projectDir: string, keep: string): Promise<void> {
  const root = path.join(projectDir, '.deploykit', 'venvs');
  for (const name of await readdir(root)) {
    if (path.join(root, name) !== keep) await rm(path.join(root, name), { recursive: true, force: true });
  }
}

async function make(input: VenvInput, folder: string): Promise<void> {
  const { python, env, reporter, signal, plan, projectDir } = input;
  reporter.step(`Making a virtual environment with ${python.executable}`);
  const record = `${folder}.running`;
  const made = await run([python.executable, '-m', 'venv', folder], { env, signal, record });
  if (made.exitCode !== 0) {
    throw new DeploykitError(
      'DK_PYTHON_VENV_MISSING',
      `${python.executable} could not make a virtual environment`,
      {
        excerpt: made.all.trim().split('\n').slice(-10).join('\n'),
        hint: 'Its own words are above.',
      },
    );
  }
  const pip = path.join(folder, 'bin/pip');
  const wheel = await uwsgiWheel({ python, pip, env, reporter, signal, record });
  reporter.step('Installing the requirements');
  await install([pip, 'install', '--no-deps', wheel], input);
  for (const each of plan.app.pipInstalls) await install([pip, 'install', ...each], { ...input, projectDir });
  reporter.step('Checking that uWSGI, ssl and gevent work together');
  await verifyBinary({ venv: folder, env, signal }).catch(async (error: unknown) => {
    await dropWheel(python);
    throw error;
  });
}

async function install(
  argv: string[],
  { env, signal, reporter, projectDir, plan }: VenvInput,
): Promise<void> {
  const result = await run(argv, {
    record: `${plan.layout.venv}.running`,
    cwd: projectDir,
    env,
    signal,
    onLine: (line) => reporter.detail(line),
  });
  if (result.exitCode === 0) return;
  const errors = result.all.split('\n').filter((line) => /^\s*(ERROR|error):?/.test(line));
  const name = failedRequirement(result.all);
  throw new DeploykitError(
    'DK_REQUIREMENT_FAILED',
    `the requirement${name ? ` ${name}` : 's'} cannot be installed`,
    {
      excerpt: (errors.length > 0 ? errors : result.all.trim().split('\n')).slice(-12).join('\n'),
      hint: 'Check name and version in the requirements; one that must be compiled may need headers of a C library.',
    },
  );
}
