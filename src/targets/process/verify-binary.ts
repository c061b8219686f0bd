import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DeploykitError } from '../../errors.js';
import { run } from '../../host/run.js';

/**
 * Imports what a binary built for another interpreter cannot (ssl is an extension module that needs the same build),
 * and prints which interpreter runs it.
 */
export const CHECK = `
import json, ssl, sys
import gevent
print("DEPLOYKIT " + json.dumps({"version": sys.version, "release": sys.version.split()[0], "prefix": sys.prefix}))
`;

/** What CHECK printed each time it ran. */
export function interpreters(output: string): { version: string; release: string; prefix: string }[] {
  return [...output.matchAll(/^DEPLOYKIT (.*)$/gm)].map((match) => JSON.parse(match[1] ?? ''));
}

/**
 * Runs the installed uWSGI binary with its gevent loop and compares the interpreter inside it with the venv's.
 * @throws DeploykitError DK_UWSGI_BUILD_FAILED, DK_GEVENT_MISSING.
 */
export async function verifyBinary(input: {
  venv: string;
  env: Record<string, string>;
  signal: AbortSignal;
}): Promise<void> {
  const { venv, env, signal } = input;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'deploykit-'));
  try {
    const script = path.join(folder, 'check.py');
    await writeFile(script, CHECK);
    const options = { cwd: folder, env, signal, timeoutMs: 60_000 };
    const inside = await run(
      [`${venv}/bin/uwsgi`, '--virtualenv', venv, '--gevent', '2', '--pyrun', script],
      options,
    );
    const outside = await run([`${venv}/bin/python`, script], options);
    const [within] = interpreters(inside.all);
    const [own] = interpreters(outside.all);
    if (within && own && within.version === own.version && within.prefix === own.prefix) return;
    if (/No module named '?gevent/.test(outside.all)) {
      throw new DeploykitError('DK_GEVENT_MISSING', 'gevent is not in the virtual environment', {
        hint: 'A requirement excludes it: allow gevent, or pin a version that exists for this Python.',
      });
    }
    throw new DeploykitError(
      'DK_UWSGI_BUILD_FAILED',
      'the uWSGI binary does not work with the interpreter of the venv',
      {
        excerpt: [inside.all, outside.all].join('\n').trim().split('\n').slice(-12).join('\n'),
        hint: 'It was removed from the cache; run the command again to build it anew.',
      },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
