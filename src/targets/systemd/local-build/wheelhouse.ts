import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DeploykitError } from '../../../errors.js';
import { run } from '../../../host/run.js';
import type { Artefact, Plan } from '../../../plan/types.js';
import { failedRequirement } from '../../failed-requirement.js';
import { cleanEnvironment } from '../../process/clean-environment.js';
import type { Python } from '../../process/python.js';
import { cacheRoot, uwsgiWheel } from '../../process/uwsgi-wheel.js';
import type { Reporter } from '../../target.js';
import { collectLibraries } from './libraries.js';
import type { Shipped } from './shipped.js';

/** Wheels made on this machine for a host's interpreter. */
interface Wheelhouse {
  wheels: Shipped[];
  /** What the uWSGI binary links here, glibc apart; a host gets those that it lacks. */
  libraries: Shipped[];
}

interface Build {
  plan: Plan;
  artefacts: readonly Artefact[];
  projectDir: string;
  reporter: Reporter;
  signal: AbortSignal;
}

interface BuildInput extends Build {
  /** Of this machine. */
  python: Python;
  /** Equal keys have equal contents. */
  key: string;
}

/** Builds the wheelhouse for an interpreter of this machine; for hosts that are alike it is built once. */
export type WheelhouseOf = (key: string, python: Python) => Promise<Wheelhouse>;

/**
 * All that a virtual environment on the host is made of: uWSGI, the requirements as pip resolves them here, and pip.
 * Kept in the cache under its key.
 * @returns a function that throws DK_REQUIREMENT_FAILED, DK_COMPILER_MISSING, DK_PYTHON_HEADERS_MISSING,
 * DK_UWSGI_BUILD_FAILED.
 */
export function wheelhouseBuilder(build: Build): WheelhouseOf {
  const built = new Map<string, Promise<Wheelhouse>>();
  return (key, python) => {
    const name = `${key}-${python.key}`;
    const house = built.get(name) ?? buildWheelhouse({ ...build, key, python });
    built.set(name, house);
    return house;
  };
}

async function buildWheelhouse(input: BuildInput): Promise<Wheelhouse> {
  const folder = path.join(cacheRoot(), 'wheelhouses', `${input.key}-${input.python.key}`);
  if (!existsSync(folder)) {
    await mkdir(path.dirname(folder), { recursive: true });
    const making = await mkdtemp(`${folder}.making-`);
    try {
      await make(input, making);
      // Another run may have been faster; its wheels are as good.
      if (!existsSync(folder)) await rename(path.join(making, 'house'), folder);
    } finally {
      await rm(making, { recursive: true, force: true });
    }
  }
  return { wheels: await list(`${folder}/wheels`), libraries: await list(`${folder}/libraries`) };
}

async function make(input: BuildInput, making: string): Promise<void> {
  const { plan, projectDir, python, reporter, signal } = input;
  const [venv, wheels] = [`${making}/venv`, `${making}/house/wheels`];
  const env = cleanEnvironment(process.env, 'build');
  const pip = (args: string[]): Promise<void> =>
    must([`${venv}/bin/pip`, ...args], { cwd: projectDir, env, signal, reporter });
  await mkdir(wheels, { recursive: true });
  await must([python.executable, '-m', 'venv', venv], { env, signal, reporter });
  const record = `${making}/running`;
  const uwsgi = await uwsgiWheel({
    python,
    pip: `${venv}/bin/pip`,
    env,
    reporter,
    signal,
    record,
    portable: true,
  });
  reporter.step(`Collecting the wheels of the requirements for Python ${python.version}`);
  const lists = await writeLock(input, making);
  for (const each of [['pip'], ...plan.app.pipInstalls]) {
    const constraints = `${making}/constraints.txt`;
    await writeFile(constraints, pinned(await readdir(wheels)));
    await pip(['wheel', '--wheel-dir', wheels, '-c', constraints, ...each.map(lists)]);
  }
  // The plan's options are checked against this version: one that the requirements name is not taken.
  for (const name of await readdir(wheels)) if (/^uwsgi-/i.test(name)) await rm(`${wheels}/${name}`);
  await copyFile(uwsgi, `${wheels}/${path.basename(uwsgi)}`);
  await pip(['install', '--quiet', '--no-index', '--no-deps', uwsgi]);
  await collectLibraries(`${venv}/bin/uwsgi`, `${making}/house/libraries`, signal);
}

// The requirements file rendered from a lock lies outside the project, in which pip runs.
async function writeLock({ plan, artefacts }: BuildInput, making: string): Promise<(arg: string) => string> {
  const locked = artefacts.find(({ path: name }) => name === plan.layout.requirements);
  if (!locked || !plan.app.requirements.lock) return (arg) => arg;
  const file = `${making}/${locked.path}`;
  await writeFile(file, locked.contents);
  return (arg) => (arg === plan.layout.requirements ? file : arg);
}

/** A wheel's name begins with distribution and version: what one run of pip has chosen, the next one leaves. */
function pinned(wheels: readonly string[]): string {
  return wheels.map((name) => `${name.split('-').slice(0, 2).join('==')}\n`).join('');
}

async function must(
  argv: string[],
  options: { cwd?: string; env: Record<string, string>; signal: AbortSignal; reporter: Reporter },
): Promise<void> {
  const { reporter, ...rest } = options;
  const result = await run(argv, { ...rest, onLine: (line) => reporter.detail(line) });
  if (result.exitCode === 0) return;
  const name = failedRequirement(result.all);
  throw new DeploykitError(
    'DK_REQUIREMENT_FAILED',
    `on this machine the requirement${name ? ` ${name}` : 's'} cannot be made into wheels`,
    {
      excerpt: result.all.trim().split('\n').slice(-12).join('\n'),
      hint: 'Check name and version; one that must be compiled may need headers of a C library.',
    },
  );
}

async function list(folder: string): Promise<Shipped[]> {
  const names = (await readdir(folder)).sort();
  return Promise.all(
    names.map(async (name) => {
      const file = path.join(folder, name);
      return {
        name,
        file,
        sha256: createHash('sha256')
          .update(await readFile(file))
          .digest('hex'),
      };
    }),
  );
}
