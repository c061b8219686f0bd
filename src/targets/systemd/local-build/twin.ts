import { DeploykitError } from '../../../errors.js';
import { installHint } from '../../process/install-hint.js';
import { type Ask, askPython, type Python } from '../../process/python.js';

/**
 * The interpreter of this machine whose wheels a host's interpreter can use: the same tag for extension modules, and a
 * glibc that is not newer. The one at the same path is asked first: on the same distribution it is the same build.
 * @param ask runs an argument list on this machine.
 * @throws DeploykitError DK_BUILD_FOREIGN with what differs; DK_PYTHON_HEADERS_MISSING.
 */
export async function findTwin(host: { name: string; python: Python }, ask: Ask): Promise<Python> {
  const { executable, version } = host.python;
  const seen: string[] = [];
  let bare: Python | undefined;
  for (const command of new Set([executable, `python${version}`, 'python3'])) {
    const own = await askPython(command, ask);
    const reason = typeof own === 'string' ? own : difference(own, host.python);
    if (reason !== null || typeof own === 'string') seen.push(`${command}: ${reason}`);
    else if (own.hasHeaders && own.hasVenv && own.hasPip) return own;
    else bare ??= own;
  }
  if (bare) throw unable(bare);
  throw new DeploykitError(
    'DK_BUILD_FOREIGN',
    `wheels built on this machine do not run on ${host.name}, which has Python ${host.python.release} (${host.python.soabi}, glibc ${host.python.glibc || 'none'})`,
    { excerpt: seen.join('\n'), hint: WAYS_OUT },
  );
}

/** Why wheels of one interpreter are of no use to another, or null. */
export function difference(own: Python, host: Python): string | null {
  if (own.version !== host.version) return `is Python ${own.version}, and the host has ${host.version}`;
  if (own.soabi !== host.soabi) return `is built for ${own.soabi}, and the host's for ${host.soabi}`;
  if (!own.glibc || !host.glibc) return 'wheels are shared between machines with glibc only';
  if (isNewer(own.glibc, host.glibc))
    return `links glibc ${own.glibc}, and the host has the older ${host.glibc}`;
  return null;
}

function isNewer(one: string, other: string): boolean {
  const [a = 0, b = 0] = one.split('.').map(Number);
  const [c = 0, d = 0] = other.split('.').map(Number);
  return a > c || (a === c && b > d);
}

function unable(python: Python): DeploykitError {
  const part = python.hasHeaders ? 'venv' : 'headers';
  return new DeploykitError(
    part === 'headers' ? 'DK_PYTHON_HEADERS_MISSING' : 'DK_PYTHON_VENV_MISSING',
    `wheels for the host would be built with ${python.executable} of this machine, which lacks ${part === 'headers' ? 'its C headers' : 'venv and ensurepip'}`,
    { hint: `Install them here: ${installHint(part, python.version)}` },
  );
}

const WAYS_OUT =
  "Run this on a machine, or in a container, of the host's system and Python; or give the host a compiler; or put wheels there and name the folder: [target.NAME] wheelhouse.";
