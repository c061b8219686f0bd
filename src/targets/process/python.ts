import { createHash } from 'node:crypto';
import { DeploykitError } from '../../errors.js';
import type { RunResult } from '../../host/run.js';
import { installHint } from './install-hint.js';

/** An interpreter on this machine. */
export interface Python {
  executable: string;
  /** e.g. `3.11`. */
  version: string;
  /** e.g. `3.11.2`. */
  release: string;
  /** Tag of its extension modules: implementation, version, architecture and C library; null before Python 3.2. */
  soabi: string | null;
  /** Version of glibc, e.g. `2.36`; empty for another C library. */
  glibc: string;
  hasHeaders: boolean;
  hasVenv: boolean;
  /** Whether it can put pip into a virtual environment by itself. */
  hasPip: boolean;
  /** Two interpreters with the same key can share a compiled uWSGI: same build, same place. */
  key: string;
}

// Asked of the interpreter itself: names on PATH may be shims of a version manager.
const QUESTION = `
import importlib.util, json, os, sys, sysconfig
libc = "CS_GNU_LIBC_VERSION" in os.confstr_names and os.confstr("CS_GNU_LIBC_VERSION") or ""
include = sysconfig.get_paths()["include"]
print(json.dumps({
  "executable": os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable),
  "version": "%d.%d" % sys.version_info[:2],
  "release": "%d.%d.%d" % sys.version_info[:3],
  "soabi": sysconfig.get_config_var("SOABI"),
  "glibc": libc[6:] if libc.startswith("glibc ") else "",
  "build": [sys.version, sys.base_prefix, sysconfig.get_config_var("SOABI"), sysconfig.get_config_var("LDLIBRARY")],
  "hasHeaders": os.path.exists(os.path.join(include, "Python.h")),
  "hasVenv": importlib.util.find_spec("venv") is not None,
  "hasPip": importlib.util.find_spec("ensurepip") is not None,
}))`;

/** Runs an argument list on the machine in question. */
export type Ask = (argv: string[]) => Promise<Pick<RunResult, 'exitCode' | 'stdout' | 'stderr'>>;

/**
 * The interpreter for a project: the version it wants, else python3.
 * @param options.bringsPip pip is shipped, so that the interpreter needs none of its own.
 * @throws DeploykitError DK_PYTHON_MISSING, DK_PYTHON_VENV_MISSING with the command that installs it.
 */
export async function findPython(
  wanted: string | null,
  ask: Ask,
  osRelease?: string,
  options: { bringsPip?: boolean } = {},
): Promise<Python> {
  const tried: string[] = [];
  for (const command of wanted ? [`python${wanted}`, 'python3', 'python'] : ['python3', 'python']) {
    const python = await askPython(command, ask);
    if (typeof python === 'string') {
      tried.push(`${command}: ${python}`);
      continue;
    }
    const canMake = python.hasVenv && (python.hasPip || options.bringsPip);
    if (wanted && python.version !== wanted) tried.push(`${command}: is Python ${python.version}`);
    else if (!canMake) throw venvMissing(python, osRelease);
    else return python;
  }
  throw new DeploykitError('DK_PYTHON_MISSING', `no Python ${wanted ?? '3'} on this machine`, {
    excerpt: tried.join('\n'),
    hint: `Install it: ${installHint('python', wanted ?? '3', osRelease)}${wanted ? ', or change [app] python' : ''}`,
  });
}

/** What an interpreter says of itself, or why it says nothing. */
export async function askPython(command: string, ask: Ask): Promise<Python | string> {
  const { exitCode, stdout, stderr } = await ask([command, '-c', QUESTION]);
  if (exitCode === 0) return parse(stdout);
  return exitCode === 127 ? 'not found' : (stderr.trim().split('\n').at(-1) ?? '');
}

function parse(stdout: string): Python {
  const { build, ...rest } = JSON.parse(stdout) as Omit<Python, 'key'> & { build: unknown[] };
  const key = createHash('sha256')
    .update(JSON.stringify([rest.executable, build]))
    .digest('hex')
    .slice(0, 16);
  return { ...rest, key };
}

function venvMissing(python: Python, osRelease: string | undefined): DeploykitError {
  return new DeploykitError(
    'DK_PYTHON_VENV_MISSING',
    `${python.executable} cannot make virtual environments`,
    {
      hint: `Install the missing part: ${installHint('venv', python.version, osRelease)}`,
    },
  );
}
