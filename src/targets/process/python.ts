import { createHash } from 'node:crypto';
import { DeploykitError } from '../../errors.js';
import type { RunResult } from '../../host/run.js';
import { installHint } from './install-hint.js';

/** An interpreter on this machine. */
export interface Python {
  executable: string;
  /** e.g. `3.11`. */
  version: string;
  hasHeaders: boolean;
  hasVenv: boolean;
  /** Two interpreters with the same key can share a compiled uWSGI: same build, same place. */
  key: string;
}

// Asked of the interpreter itself: names on PATH may be shims of a version manager.
const QUESTION = `
import importlib.util, json, os, sys, sysconfig
include = sysconfig.get_paths()["include"]
print(json.dumps({
  "executable": os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable),
  "version": "%d.%d" % sys.version_info[:2],
  "build": [sys.version, sys.base_prefix, sysconfig.get_config_var("SOABI"), sysconfig.get_config_var("LDLIBRARY")],
  "hasHeaders": os.path.exists(os.path.join(include, "Python.h")),
  "hasVenv": all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")),
}))`;

/** Runs an argument list on the machine in question. */
export type Ask = (argv: string[]) => Promise<Pick<RunResult, 'exitCode' | 'stdout' | 'stderr'>>;

/**
 * The interpreter for a project: the version it wants, else python3.
 * @throws DeploykitError DK_PYTHON_MISSING, DK_PYTHON_VENV_MISSING with the command that installs it.
 */
export async function findPython(wanted: string | null, ask: Ask, osRelease?: string): Promise<Python> {
  const tried: string[] = [];
  for (const command of wanted ? [`python${wanted}`, 'python3', 'python'] : ['python3', 'python']) {
    const result = await ask([command, '-c', QUESTION]);
    if (result.exitCode !== 0) {
      tried.push(
        `${command}: ${result.exitCode === 127 ? 'not found' : result.stderr.trim().split('\n').at(-1)}`,
      );
      continue;
    }
    const python = parse(result.stdout);
    if (wanted && python.version !== wanted) tried.push(`${command}: is Python ${python.version}`);
    else if (!python.hasVenv) throw venvMissing(python, osRelease);
    else return python;
  }
  throw new DeploykitError('DK_PYTHON_MISSING', `no Python ${wanted ?? '3'} on this machine`, {
    excerpt: tried.join('\n'),
    hint: `Install it: ${installHint('python', wanted ?? '3', osRelease)}${wanted ? ', or change [app] python' : ''}`,
  });
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
