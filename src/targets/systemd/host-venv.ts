import { createHash } from 'node:crypto';
import { DeploykitError } from '../../errors.js';
import { needsSource } from '../../plan/image.js';
import type { Python } from '../process/python.js';
import { CHECK, interpreters } from '../process/verify-binary.js';
import { installThere } from './install-there.js';
import { installFromHere } from './local-build/install-from-here.js';
import type { OnHost } from './on-host.js';
import { requirementLists } from './requirement-lists.js';
import type { VenvInput } from './venv-input.js';

/**
 * What an environment is made from; `sourceHash`, over the project's files, counts where a folder of it is a requirement.
 */
type Lists = Pick<VenvInput, 'plan' | 'projectDir' | 'artefacts' | 'sourceHash'>;

/** Name of the virtual environment for these requirements and this interpreter: equal input, equal environment. */
export async function venvKey(lists: Lists, python: Python): Promise<string> {
  const { pipInstalls } = lists.plan.app;
  const hash = createHash('sha256').update(
    JSON.stringify([python.key, pipInstalls, lists.plan.service?.uwsgiVersion]),
  );
  if (needsSource([...lists.plan.app.requirements.specs, ...pipInstalls.flat()]))
    hash.update(lists.sourceHash);
  for (const { contents } of await requirementLists(lists)) hash.update(contents);
  return hash.digest('hex').slice(0, 12);
}

/**
 * Makes a virtual environment on the host, unless it is there already; one that was not finished is made anew.
 * @throws DeploykitError DK_COMPILER_MISSING, DK_PYTHON_HEADERS_MISSING, DK_REQUIREMENT_FAILED, DK_UWSGI_BUILD_FAILED,
 * DK_BUILD_FOREIGN.
 */
export async function ensureHostVenv(input: VenvInput): Promise<void> {
  const { on, plan, paths, facts, key } = input;
  if (facts.venvs.includes(key)) return;
  const venv = `${paths.venvs}/${key}`;
  const local = plan.service?.build === 'local';
  const foreignPython = local ? await installFromHere(input, venv) : await installThere(input, venv);
  await verify(on, venv, foreignPython);
  await on.run(['touch', `${venv}/.complete`]);
}

// The binary embeds an interpreter: it must be the one of this host, and import what a foreign one cannot. The library
// of another build of the same release may take its place: it reads the host's modules, and both are tried here.
async function verify(on: OnHost, venv: string, foreignPython: boolean): Promise<void> {
  on.reporter.step(`${on.host.name}: checking that uWSGI, ssl and gevent work together`);
  const script = `script=$(mktemp) && cat > "$script" && "$1/bin/uwsgi" --virtualenv "$1" --gevent 2 --pyrun "$script" 2>&1; "$1/bin/python" "$script" 2>&1; rm -f "$script"`;
  const result = await on.try(['sh', '-c', script, 'sh', venv], { input: CHECK });
  const [inside, outside] = interpreters(result.all);
  const same = foreignPython ? 'release' : 'version';
  if (inside && outside && inside[same] === outside[same] && inside.prefix === outside.prefix) return;
  await on.run(['rm', '-rf', venv]);
  throw new DeploykitError(
    'DK_UWSGI_BUILD_FAILED',
    `${on.host.name}: the uWSGI binary does not work with the interpreter of the host`,
    {
      excerpt: result.all.trim().split('\n').slice(-12).join('\n'),
      hint: 'A wheel of uWSGI must be built on a machine with the same Python and the same libraries.',
    },
  );
}
