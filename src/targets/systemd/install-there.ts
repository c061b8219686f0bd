import { DeploykitError } from '../../errors.js';
import { failedRequirement } from '../failed-requirement.js';
import { installHint } from '../process/install-hint.js';
import type { OnHost } from './on-host.js';
import { requirementLists } from './requirement-lists.js';
import type { VenvInput } from './venv-input.js';

/**
 * Fills a virtual environment by the host itself, from the package index or from a folder of wheels that lies there.
 * @returns whether its interpreter library is another build's: never.
 */
export async function installThere(input: VenvInput, venv: string): Promise<false> {
  const { on, plan, paths, python } = input;
  const { wheelhouse, uwsgiVersion } = required(plan.service);
  if (!wheelhouse) requireBuildTools(input);
  on.reporter.step(`${on.host.name}: making a virtual environment with ${python.executable}`);
  await on.shell('rm -rf "$1" && mkdir -p "$2" && "$3" -m venv "$1"', [venv, paths.venvs, python.executable]);
  const from = wheelhouse ? ['--no-index', '--find-links', wheelhouse] : [];
  const build = wheelhouse ? [] : ['--no-cache-dir', '--use-pep517', '--no-binary', 'uwsgi'];
  const pip = [`${venv}/bin/pip`, 'install', '--quiet', ...from];
  await install(on, [...pip, '--no-deps', ...build, `uwsgi==${uwsgiVersion}`]);
  on.reporter.step(`${on.host.name}: installing the requirements`);
  const files = await sendRequirements(input);
  for (const each of plan.app.pipInstalls) await install(on, ['env', '-C', files, ...pip, ...each]);
  await on.run(['rm', '-rf', files]);
  return false;
}

function requireBuildTools({ facts, python, on }: VenvInput): void {
  const missing = facts.compiler === null ? 'compiler' : python.hasHeaders ? null : 'headers';
  if (!missing) return;
  const command = installHint(missing, python.version, facts.osRelease);
  const code = missing === 'compiler' ? 'DK_COMPILER_MISSING' : 'DK_PYTHON_HEADERS_MISSING';
  throw new DeploykitError(
    code,
    `${on.host.name} has no ${missing === 'compiler' ? 'C compiler' : 'Python headers'} to build uWSGI with`,
    {
      hint: `On the host: ${command}. Or build here and ship the wheels: deploykit up --build local.`,
    },
  );
}

async function sendRequirements(input: VenvInput): Promise<string> {
  const { on } = input;
  const folder = (await on.run(['mktemp', '-d'])).trim();
  for (const { file, contents } of await requirementLists(input)) {
    await on.shell('mkdir -p "$(dirname "$1")" && cat > "$1"', [`${folder}/${file}`], { input: contents });
  }
  return folder;
}

/** Runs pip on a host. @throws DeploykitError DK_REQUIREMENT_FAILED with what it said. */
export async function install(on: OnHost, argv: string[]): Promise<void> {
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

function required<T>(value: T | null): T {
  if (value === null) throw new TypeError('a systemd plan has a service');
  return value;
}
