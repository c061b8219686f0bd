import { DeploykitError } from '../errors.js';
import { UWSGI_VERSION } from '../uwsgi/options.js';
import { type BaseImage, debianRelease } from './base-image.js';

/** A Python of a base image, and the packages that bring it. */
export interface Interpreter {
  command: string;
  build: string[];
  run: string[];
  /** Installed into the environment first; not empty for a Python whose own pip is too old for today's wheels. */
  installers: string[];
  why: string;
}

// Packages by version: EL names them in three ways. `best` is taken when nothing says which.
const EL: Record<number, { packages: Record<string, string>; best: string }> = {
  7: { packages: { '3.6': 'python3' }, best: '3.6' },
  8: {
    packages: {
      '3.6': 'python3',
      '3.8': 'python38',
      '3.9': 'python39',
      '3.11': 'python3.11',
      '3.12': 'python3.12',
    },
    best: '3.11',
  },
  9: { packages: { '3.9': 'python3', '3.11': 'python3.11', '3.12': 'python3.12' }, best: '3.11' },
  10: { packages: { '3.12': 'python3' }, best: '3.12' },
};

const FEDORA: Record<number, string> = { 40: '3.12', 41: '3.13', 42: '3.13', 43: '3.14' };

// The interpreter of the distribution, by release. Other versions come with the python: images.
const DEBIAN: Record<string, string> = {
  '11': '3.9',
  bullseye: '3.9',
  '12': '3.11',
  bookworm: '3.11',
  '13': '3.13',
  trixie: '3.13',
  '20.04': '3.8',
  focal: '3.8',
  '22.04': '3.10',
  jammy: '3.10',
  '24.04': '3.12',
  noble: '3.12',
};

/**
 * The Python for an image: the wanted version where the base has it, else the base's best.
 * @throws DeploykitError DK_CONFIG_INVALID for a Python the base has not, or one that cannot be told.
 */
export function interpreter(base: BaseImage, wanted: string | null): Interpreter {
  if (base.distribution === 'debian') return debian(base, wanted);
  return base.distribution === 'fedora' ? fedora(base, wanted) : el(base, wanted);
}

function el({ name, major }: BaseImage, wanted: string | null): Interpreter {
  const release = major !== null && EL[major] ? major : 9;
  const { packages, best } = EL[release] ?? { packages: {}, best: '3.11' };
  const version = wanted ?? best;
  const pkg = packages[version] ?? laterPython(name, version, Object.keys(packages));
  const pcre = release === 7 ? 'pcre' : 'pcre2';
  return {
    command: `python${version}`,
    build: ['gcc', pkg, `${pkg}-devel`, `${pkg}-pip`, `${pcre}-devel`, 'openssl-devel'],
    run: [pkg, pcre],
    installers: installersOf(version),
    why: wanted
      ? 'the project says so'
      : `EL ${release}: the newest with no open crash under uWSGI ${UWSGI_VERSION}`,
  };
}

// A minor release may bring a newer Python under the pattern of the newer names; an older one never comes back.
function laterPython(base: string, version: string, known: string[]): string {
  const minor = (text: string): number => Number(text.split('.')[1]);
  if (minor(version) > Math.max(...known.map(minor))) return `python${version}`;
  throw unavailable(base, version, known.join(', '));
}

// The last of each that runs on Python 3.6, and reads manylinux2014 wheels, which pip 9 does not.
function installersOf(version: string): string[] {
  return version === '3.6' ? ['pip==21.3.1', 'setuptools==59.6.0', 'wheel==0.37.1'] : [];
}

function fedora({ name, major }: BaseImage, wanted: string | null): Interpreter {
  const own = major === null ? undefined : FEDORA[major];
  const common = ['gcc', 'pcre2-devel', 'openssl-devel'];
  if (wanted && wanted !== own) {
    // By the file, because the headers are in the package itself or in one apart, by release.
    const headers = `/usr/bin/python${wanted}-config`;
    return {
      command: `python${wanted}`,
      build: [...common, `python${wanted}`, headers],
      run: [`python${wanted}`, 'pcre2'],
      installers: [],
      why: 'the project says so',
    };
  }
  return {
    command: 'python3',
    build: [...common, 'python3', 'python3-devel', 'python3-pip'],
    run: ['python3', 'pcre2'],
    installers: [],
    why: own ? `${name} has Python ${own}` : `the Python of ${name}`,
  };
}

function debian({ name }: BaseImage, wanted: string | null): Interpreter {
  const official = /(?:^|\/)python(?::(3\.\d+))?/.exec(name);
  const has = official ? official[1] : DEBIAN[debianRelease(name)];
  if (wanted && has && wanted !== has) throw unavailable(name, wanted, has);
  const version = has ?? wanted;
  if (!version) {
    throw new DeploykitError('DK_CONFIG_INVALID', `cannot tell which Python ${name} has`, {
      hint: 'Say it: [app] python = "3.11", or --python 3.11.',
    });
  }
  const build = ['gcc', 'libc6-dev', 'libpcre2-dev', 'libssl-dev'];
  return {
    command: 'python3',
    // uWSGI links the shared interpreter, which Debian packages apart from `python3`.
    build: official ? build : [...build, 'python3', 'python3-venv', 'python3-dev'],
    run: official ? ['libpcre2-8-0'] : ['python3', `libpython${version}`, 'libpcre2-8-0'],
    installers: [],
    why: has ? `${name} has Python ${has}` : 'the project says so',
  };
}

function unavailable(base: string, wanted: string, has: string): DeploykitError {
  return new DeploykitError(
    'DK_CONFIG_INVALID',
    `the project wants Python ${wanted}, and ${base} has ${has}`,
    {
      hint: `Choose a base that has it: --base python:${wanted}-slim`,
    },
  );
}
