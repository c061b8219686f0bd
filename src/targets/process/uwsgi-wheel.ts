import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DeploykitError } from '../../errors.js';
import { run } from '../../host/run.js';
import { UWSGI_VERSION } from '../../uwsgi/options.js';
import type { Reporter } from '../target.js';
import { installHint } from './install-hint.js';
import type { Python } from './python.js';

const ABANDONED_MS = 3_600_000;

interface WheelInput {
  python: Python;
  /** A pip that belongs to a venv of that interpreter. */
  pip: string;
  env: Record<string, string>;
  reporter: Reporter;
  signal: AbortSignal;
  /** Names pip while it runs. */
  record: string;
  /** To run on another machine: libraries are looked for beside it first, and what few machines have is left out. */
  portable?: boolean;
}

/** Where a portable uWSGI looks for libraries first, seen from the folder of its binary. */
export const OWN_LIBRARIES = '../lib/deploykit';

/**
 * A uWSGI wheel built for exactly this interpreter, from the cache or from source. pip's own cache is not used: it
 * hands a wheel built for one CPython 3.N to another 3.N, which starts and then dies when it imports ssl.
 * @returns the path of the wheel.
 * @throws DeploykitError DK_COMPILER_MISSING, DK_PYTHON_HEADERS_MISSING, DK_UWSGI_BUILD_FAILED.
 */
export async function uwsgiWheel(input: WheelInput): Promise<string> {
  const folder = wheelFolder(input.python, input.portable ?? false);
  const cached = await wheelIn(folder);
  if (cached) return cached;
  await requireBuildTools(input);
  input.reporter.step(
    `Building uWSGI ${UWSGI_VERSION} for ${input.python.executable} (once for this interpreter)`,
  );
  await mkdir(path.dirname(folder), { recursive: true });
  await removeAbandoned(path.dirname(folder));
  const building = await mkdtemp(`${folder}.building-`);
  try {
    await build(input, building);
    // Another run may have been faster; its wheel is as good.
    if (!existsSync(folder)) await rename(building, folder);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
  const built = await wheelIn(folder);
  if (!built) throw new DeploykitError('DK_UWSGI_BUILD_FAILED', 'the build of uWSGI ended without a wheel');
  return built;
}

/** Where compiled wheels are kept: $DEPLOYKIT_CACHE, else $XDG_CACHE_HOME/deploykit, else ~/.cache/deploykit. */
export function cacheRoot(env: NodeJS.ProcessEnv = process.env): string {
  if (env['DEPLOYKIT_CACHE']) return path.resolve(env['DEPLOYKIT_CACHE']);
  return path.join(env['XDG_CACHE_HOME'] || path.join(os.homedir(), '.cache'), 'deploykit');
}

/** Forgets the cached wheel of an interpreter: it turned out not to work. */
export async function dropWheel(python: Python): Promise<void> {
  await rm(wheelFolder(python, false), { recursive: true, force: true });
}

function wheelFolder(python: Python, portable: boolean): string {
  const name = [UWSGI_VERSION, ...(portable ? ['portable'] : []), python.key].join('-');
  return path.join(cacheRoot(), 'uwsgi', name);
}

async function wheelIn(folder: string): Promise<string | null> {
  if (!existsSync(folder)) return null;
  const name = (await readdir(folder)).find((file) => file.endsWith('.whl'));
  return name ? path.join(folder, name) : null;
}

// Build folders of runs that were killed; a build that still runs is younger.
async function removeAbandoned(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    const folder = path.join(root, name);
    if (!name.includes('.building-') || Date.now() - (await stat(folder)).mtimeMs < ABANDONED_MS) continue;
    await rm(folder, { recursive: true, force: true });
  }
}

async function requireBuildTools({ python, env, signal }: WheelInput): Promise<void> {
  // uWSGI's own build reads CC, else calls gcc (uwsgiconfig.py).
  const compiler = env['CC'] ?? 'gcc';
  const answer = await run([...compiler.split(' '), '--version'], { env, signal, timeoutMs: 20_000 });
  if (answer.exitCode !== 0) {
    throw new DeploykitError(
      'DK_COMPILER_MISSING',
      `uWSGI is built from source, and "${compiler}" does not run`,
      {
        hint: `Install a C compiler: ${installHint('compiler', python.version)}`,
      },
    );
  }
  if (!python.hasHeaders) throw headersMissing(python);
}

async function build(input: WheelInput, folder: string): Promise<void> {
  const { python, pip, signal, reporter, record } = input;
  const env = input.portable ? portableEnvironment(input.env) : input.env;
  const argv = [
    pip,
    'wheel',
    // Else a pip before 23.1 wants the package `wheel` beside it, which a new environment has not.
    '--use-pep517',
    '--no-deps',
    '--no-cache-dir',
    '--no-binary',
    'uwsgi',
    '-w',
    folder,
    `uwsgi==${UWSGI_VERSION}`,
  ];
  const result = await run(argv, { env, signal, record, onLine: (line) => reporter.detail(line) });
  if (result.exitCode === 0) return;
  if (/Python\.h: No such file/.test(result.all)) throw headersMissing(python);
  throw new DeploykitError('DK_UWSGI_BUILD_FAILED', 'uWSGI could not be built', {
    excerpt: result.all.trim().split('\n').slice(-20).join('\n'),
    hint: 'The last lines of the build are above.',
  });
}

// A run path of the older kind, which holds for the libraries of libraries too; uWSGI's build hands the line to a shell.
// XML is one more syntax for uWSGI's configuration, and libxml2 brings 30 MB of ICU with it.
function portableEnvironment(env: Record<string, string>): Record<string, string> {
  const runPath = `-Wl,-rpath,'$ORIGIN/${OWN_LIBRARIES}' -Wl,--disable-new-dtags`;
  return {
    ...env,
    LDFLAGS: [env['LDFLAGS'], runPath].filter(Boolean).join(' '),
    UWSGI_PROFILE_OVERRIDE: 'xml=false',
  };
}

function headersMissing(python: Python): DeploykitError {
  return new DeploykitError(
    'DK_PYTHON_HEADERS_MISSING',
    `the C headers of ${python.executable} are missing`,
    {
      hint: `Install them: ${installHint('headers', python.version)}`,
    },
  );
}
