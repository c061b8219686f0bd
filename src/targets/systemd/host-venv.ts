import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { DeploykitError } from '../../errors.js';
import type { Artefact, Plan } from '../../plan/types.js';
import { failedRequirement } from '../failed-requirement.js';
import { installHint } from '../process/install-hint.js';
import type { Python } from '../process/python.js';
import { CHECK } from '../process/verify-binary.js';
import type { HostFacts } from './facts.js';
import type { OnHost } from './on-host.js';
import type { HostPaths } from './paths.js';

type Lists = Pick<VenvInput, 'plan' | 'projectDir' | 'artefacts'>;

/** Name of the virtual environment for these requirements and this interpreter: equal input, equal environment. */
export async function venvKey(lists: Lists, python: Python): Promise<string> {
  const { pipInstalls } = lists.plan.app;
  const hash = createHash('sha256').update(
    JSON.stringify([python.key, pipInstalls, lists.plan.service?.uwsgiVersion]),
  );
  for (const { contents } of await listFiles(lists)) hash.update(contents);
  return hash.digest('hex').slice(0, 12);
}

// What pip reads: the user's own files, or the one rendered from a lock.
async function listFiles({
  plan,
  projectDir,
  artefacts,
}: Lists): Promise<{ file: string; contents: Buffer }[]> {
  const { requirements } = plan.app;
  const locked = artefacts.filter(({ path: name }) => requirements.lock && name === plan.layout.requirements);
  const own = requirements.lock ? [] : requirements.files;
  return [
    ...locked.map((each) => ({ file: each.path, contents: Buffer.from(each.contents) })),
    ...(await Promise.all(
      own.map(async (file) => ({ file, contents: await readFile(path.join(projectDir, file)) })),
    )),
  ];
}

interface VenvInput {
  on: OnHost;
  plan: Plan;
  projectDir: string;
  artefacts: readonly Artefact[];
  paths: HostPaths;
  facts: HostFacts;
  python: Python;
  key: string;
}

/**
 * Makes a virtual environment on the host, unless it is there already; one that was not finished is made anew.
 * @throws DeploykitError DK_COMPILER_MISSING, DK_PYTHON_HEADERS_MISSING, DK_REQUIREMENT_FAILED, DK_UWSGI_BUILD_FAILED.
 */
export async function ensureHostVenv(input: VenvInput): Promise<void> {
  const { on, plan, paths, facts, python, key } = input;
  if (facts.venvs.includes(key)) return;
  const { wheelhouse, uwsgiVersion } = required(plan.service);
  if (!wheelhouse) requireBuildTools(facts, python, on.host.name);
  const venv = `${paths.venvs}/${key}`;
  on.reporter.step(`${on.host.name}: making a virtual environment with ${python.executable}`);
  await on.shell('rm -rf "$1" && mkdir -p "$2" && "$3" -m venv "$1"', [venv, paths.venvs, python.executable]);
  const from = wheelhouse ? ['--no-index', '--find-links', wheelhouse] : [];
  const uwsgi = wheelhouse
    ? [`uwsgi==${uwsgiVersion}`]
    : ['--no-cache-dir', '--no-binary', 'uwsgi', `uwsgi==${uwsgiVersion}`];
  await install(on, [`${venv}/bin/pip`, 'install', '--quiet', '--no-deps', ...from, ...uwsgi]);
  on.reporter.step(`${on.host.name}: installing the requirements`);
  const files = await sendRequirements(input);
  for (const each of plan.app.pipInstalls) {
    await install(on, ['env', '-C', files, `${venv}/bin/pip`, 'install', '--quiet', ...from, ...each]);
  }
  await on.run(['rm', '-rf', files]);
  await verify(on, venv);
  await on.run(['touch', `${venv}/.complete`]);
}

function requireBuildTools(facts: HostFacts, python: Python, host: string): void {
  const missing = facts.compiler === null ? 'compiler' : python.hasHeaders ? null : 'headers';
  if (!missing) return;
  const command = installHint(missing, python.version, facts.osRelease);
  const code = missing === 'compiler' ? 'DK_COMPILER_MISSING' : 'DK_PYTHON_HEADERS_MISSING';
  throw new DeploykitError(
    code,
    `${host} has no ${missing === 'compiler' ? 'C compiler' : 'Python headers'} to build uWSGI with`,
    {
      hint: `On the host: ${command}. Or put wheels there and name the folder: [target.NAME] wheelhouse = "/path".`,
    },
  );
}

async function sendRequirements(input: VenvInput): Promise<string> {
  const { on } = input;
  const folder = (await on.run(['mktemp', '-d'])).trim();
  for (const { file, contents } of await listFiles(input)) {
    await on.shell('mkdir -p "$(dirname "$1")" && cat > "$1"', [`${folder}/${file}`], { input: contents });
  }
  return folder;
}

async function install(on: OnHost, argv: string[]): Promise<void> {
  const result = await on.try(argv, { onLine: (line) => on.reporter.detail(line) });
  if (result.exitCode === 0) return;
  const name = failedRequirement(result.all);
  throw new DeploykitError(
    'DK_REQUIREMENT_FAILED',
    `${on.host.name}: the requirement${name ? ` ${name}` : 's'} cannot be installed`,
    {
      excerpt: result.all.trim().split('\n').slice(-12).join('\n'),
      hint: 'Check name and version; with a wheelhouse, check that it holds a wheel for this Python.',
    },
  );
}

// The binary embeds an interpreter: it must be the one of this host, and import what a foreign one cannot.
async function verify(on: OnHost, venv: string): Promise<void> {
  on.reporter.step(`${on.host.name}: checking that uWSGI, ssl and gevent work together`);
  const script = `script=$(mktemp) && cat > "$script" && "$1/bin/uwsgi" --virtualenv "$1" --gevent 2 --pyrun "$script" 2>&1; "$1/bin/python" "$script" 2>&1; rm -f "$script"`;
  const result = await on.try(['sh', '-c', script, 'sh', venv], { input: CHECK });
  const [inside, outside] = [...result.all.matchAll(/^DEPLOYKIT (.*)$/gm)].map((match) => match[1]);
  if (inside !== undefined && inside === outside) return;
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

function required<T>(value: T | null): T {
  if (value === null) throw new TypeError('a systemd plan has a service');
  return value;
}
