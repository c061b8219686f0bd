import { DeploykitError } from '../errors.js';
import { distributionName } from '../project/distribution-name.js';
import type { Project } from '../project/types.js';
import { UWSGI_VERSION } from '../uwsgi/options.js';
import type { Decision, ImagePlan } from './types.js';

// An arbitrary numeric user: Kubernetes and `no-new-privileges` need no passwd entry, and 0 < id < 2^16 everywhere.
const UID = 10001;
const GID = 10001;

type Family = ImagePlan['family'];
interface Interpreter {
  command: string;
  build: string[];
  run: string[];
  why: string;
}

/**
 * The image: family and package manager by the base's name, interpreter, packages, `pip install` arguments.
 * @throws DeploykitError DK_IMAGE_FAMILY, DK_CONFIG_INVALID (a Python the base has not).
 */
export function planImage(
  project: Project,
  caFileInContext: string | null,
): { image: ImagePlan; decisions: Decision[] } {
  const base = project.image.base;
  const family = project.image.family ?? familyOf(base);
  const python =
    family === 'el' ? elPython(base, project.app.python) : debianPython(base, project.app.python);
  const manager = family === 'debian' ? 'apt-get' : /minimal/.test(base) ? 'microdnf' : 'dnf';
  const requirements = project.app.requirements;
  const image: ImagePlan = {
    base,
    family,
    packageManager: manager,
    python: python.command,
    buildPackages: [...python.build, ...project.image.build_packages],
    runPackages: [...python.run, ...project.image.packages],
    uwsgiVersion: UWSGI_VERSION,
    caFile: caFileInContext,
    requirementFiles: requirements.kind === 'requirements' ? requirements.files : [],
    needsSource: needsSource(requirements.specs),
    uid: UID,
    gid: GID,
  };
  return {
    image,
    decisions: [
      {
        what: 'base image',
        value: base,
        why: `${family === 'el' ? 'EL' : 'Debian'} family, packages by ${manager}`,
      },
      { what: 'python', value: python.command, why: python.why },
      { what: 'requirements', value: requirements.file ?? 'none', why: requirementsWhy(project) },
    ],
  };
}

/** What pip installs for the application: the user's list plus what the plan needs and the user did not pin. */
export function pipArguments(project: Project): string[] {
  const { requirements } = project.app;
  const named = new Set(requirements.specs.map(distributionName));
  const own = named.has('gevent') ? [] : ['gevent'];
  if (requirements.kind === 'requirements' && requirements.file) return ['-r', requirements.file, ...own];
  return [...requirements.specs, ...own];
}

function requirementsWhy(project: Project): string {
  const own = pipArguments(project).includes('gevent')
    ? ', and gevent, which every topology can then use'
    : '';
  return `${project.app.requirements.specs.length} requirements${own}`;
}

function needsSource(specs: string[]): boolean {
  return specs.some((spec) => /^(\.|-e\b|file:)/.test(spec.trim()));
}

function familyOf(base: string): Family {
  const name = base.toLowerCase();
  if (/centos|rocky|alma|\bubi|rhel|redhat|fedora|oraclelinux|el\d+-like/.test(name)) return 'el';
  if (/debian|ubuntu|(^|\/)python\b/.test(name)) return 'debian';
  throw new DeploykitError(
    'DK_IMAGE_FAMILY',
    `cannot tell whether "${base}" installs packages with dnf or with apt-get`,
    {
      hint: 'Set [image] family = "el" or "debian".',
    },
  );
}

// The interpreter that comes as plain `python3`, by EL major.
const EL_SYSTEM_PYTHON: Record<string, string> = { '8': '3.6', '9': '3.9', '10': '3.12' };

function elPython(base: string, wanted: string | null): Interpreter {
  const major = /(?:stream|:|el|ubi|linux)(8|9|10)\b/.exec(base)?.[1] ?? '9';
  const version = wanted ?? (major === '10' ? '3.12' : '3.11');
  const pkg = EL_SYSTEM_PYTHON[major] === version ? 'python3' : `python${version}`;
  return {
    command: `python${version}`,
    build: ['gcc', pkg, `${pkg}-devel`, `${pkg}-pip`, 'pcre2-devel', 'openssl-devel'],
    run: [pkg, 'pcre2'],
    why: wanted
      ? 'the project says so'
      : `EL ${major}: the newest with no open crash under uWSGI ${UWSGI_VERSION}`,
  };
}

// The interpreter of the distribution, by release. Other versions come with the python: images.
const DEBIAN_PYTHON: Record<string, string> = {
  '11': '3.9',
  bullseye: '3.9',
  '12': '3.11',
  bookworm: '3.11',
  '13': '3.13',
  trixie: '3.13',
  '22.04': '3.10',
  jammy: '3.10',
  '24.04': '3.12',
  noble: '3.12',
};

function debianPython(base: string, wanted: string | null): Interpreter {
  const official = /(?:^|\/)python(?::(3\.\d+))?/.exec(base);
  const tag = base.split(':')[1]?.replace(/-slim$/, '') ?? '';
  const has = official ? official[1] : DEBIAN_PYTHON[tag];
  if (wanted && has && wanted !== has) {
    throw new DeploykitError(
      'DK_CONFIG_INVALID',
      `the project wants Python ${wanted}, and ${base} has ${has}`,
      {
        hint: `Choose a base that has it: --base python:${wanted}-slim`,
      },
    );
  }
  const version = has ?? wanted;
  if (!version) {
    throw new DeploykitError('DK_CONFIG_INVALID', `cannot tell which Python ${base} has`, {
      hint: 'Say it: [app] python = "3.11", or --python 3.11.',
    });
  }
  const build = ['gcc', 'libc6-dev', 'libpcre2-dev', 'libssl-dev'];
  return {
    command: 'python3',
    // uWSGI links the shared interpreter, which Debian packages apart from `python3`.
    build: official ? build : [...build, 'python3', 'python3-venv', 'python3-dev'],
    run: official ? ['libpcre2-8-0'] : ['python3', `libpython${version}`, 'libpcre2-8-0'],
    why: has ? `${base} has Python ${has}` : 'the project says so',
  };
}
