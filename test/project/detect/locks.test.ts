import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detect } from '../../../src/project/detect/detect.js';
import { findRequirements } from '../../../src/project/detect/requirements.js';
import { failure, project } from '../fixtures.js';

const FLASK = 'from flask import Flask\napp = Flask(__name__)\n';

async function locked(files: Record<string, string>, groups: string[] = []) {
  const { requirements, warnings } = await detect(await project({ 'app.py': FLASK, ...files }), { groups });
  const { lock, kind, file } = requirements.value;
  return {
    kind,
    file,
    packages: lock?.packages.map(({ requirement }) => requirement),
    hashes: Object.fromEntries(lock?.packages.map(({ name, hashes }) => [name, hashes]) ?? []),
    direct: lock?.direct,
    indexes: lock?.indexes,
    warnings,
  };
}

const UV = `version = 1
[[package]]
name = "shop"
version = "1"
source = { editable = "." }
dependencies = [{ name = "flask" }, { name = "lib" }, { name = "six", version = "1.0", marker = "a == '1'" }, { name = "six", version = "2.0", marker = "a == '2'" }, { name = "u", extra = ["socks"] }]
[package.optional-dependencies]
cache = [{ name = "redis" }]
[package.dev-dependencies]
dev = [{ name = "pytest" }]
[[package]]
name = "flask"
version = "3.0"
source = { registry = "https://pypi.org/simple" }
dependencies = [{ name = "colorama", marker = "sys_platform == 'win32'" }, { name = "click" }]
sdist = { url = "https://h/f.tar.gz", hash = "sha256:bb" }
wheels = [{ url = "https://h/f.whl", hash = "sha256:aa" }]
[[package]]
name = "click"
version = "8.0"
source = { git = "https://h/click.git?tag=8#abc" }
dependencies = [{ name = "flask" }]
[[package]]
name = "colorama"
version = "0.4"
source = { url = "https://h/c.whl" }
wheels = [{ url = "https://h/c.whl", hash = "sha256:cc" }]
[[package]]
name = "lib"
version = "0.1"
source = { directory = "lib" }
[[package]]
name = "six"
version = "1.0"
source = { registry = "https://intern/simple" }
wheels = [{ hash = "sha256:s1" }]
[[package]]
name = "six"
version = "2.0"
source = { registry = "https://pypi.org/simple" }
wheels = [{ hash = "sha256:s2" }]
[[package]]
name = "u"
version = "1"
source = { registry = "https://pypi.org/simple" }
wheels = [{ hash = "sha256:u" }]
[package.optional-dependencies]
socks = [{ name = "pysocks" }]
[[package]]
name = "pysocks"
version = "1"
source = { registry = "https://pypi.org/simple" }
wheels = [{ hash = "sha256:p" }]
[[package]]
name = "redis"
version = "5"
source = { registry = "https://pypi.org/simple" }
wheels = [{ hash = "sha256:r" }]
[[package]]
name = "pytest"
version = "8"
source = { registry = "https://pypi.org/simple" }
wheels = [{ hash = "sha256:t" }]
[[package]]
name = "uwsgi"
version = "2.0.20"
source = { registry = "https://pypi.org/simple" }
`;

describe('uv.lock', () => {
  test('what the project needs, with markers, hashes and sources, without its development group', async () => {
    expect(await locked({ 'uv.lock': UV })).toEqual({
      kind: 'lock',
      file: 'uv.lock',
      packages: [
        'colorama @ https://h/c.whl ; sys_platform == "win32"',
        'flask==3.0',
        'pysocks==1',
        'six==1.0 ; a == "1"',
        'six==2.0 ; a == "2"',
        'u==1',
      ],
      hashes: {
        colorama: ['sha256:cc'],
        flask: ['sha256:aa', 'sha256:bb'],
        pysocks: ['sha256:p'],
        six: ['sha256:s2'],
        u: ['sha256:u'],
      },
      direct: ['./lib', 'click @ git+https://h/click.git@abc'],
      indexes: ['https://intern/simple'],
      warnings: [],
    });
  });

  test('extras and groups by name', async () => {
    const { packages } = await locked({ 'uv.lock': UV }, ['cache', 'dev']);
    expect(packages).toEqual(expect.arrayContaining(['redis==5', 'pytest==8']));
  });

  test('goes before other lists, and says so', async () => {
    const { file, warnings } = await locked({ 'uv.lock': UV, 'requirements.txt': 'flask\n' });
    expect(file).toBe('uv.lock');
    expect(warnings).toEqual([
      'uv.lock is installed, and requirements.txt is not; settle it with [app] requirements',
    ]);
  });
});

const POETRY = `[[package]]
name = "flask"
version = "3.0"
groups = ["main", "dev"]
files = [{ file = "f.whl", hash = "sha256:aa" }]
[[package]]
name = "redis"
version = "5"
optional = true
groups = ["main"]
markers = "extra == 'cache' and a == '1'"
files = [{ file = "r.whl", hash = "sha256:r" }]
[[package]]
name = "pytest"
version = "8"
groups = ["dev"]
files = []
[[package]]
name = "uWSGI"
version = "2.0.20"
groups = ["main"]
files = [{ file = "u.tar.gz", hash = "sha256:u" }]
[[package]]
name = "own"
version = "1"
groups = ["main"]
markers = { main = "b == '1'" }
files = []
[package.source]
type = "git"
url = "https://user:pass@h/own.git"
resolved_reference = "abc"
[metadata]
lock-version = "2.1"
`;
const OLD_POETRY = `[[package]]
name = "flask"
version = "3.0"
[package.dependencies]
click = { version = ">=8", markers = "a == '1'" }
redis = { version = "*", optional = true, markers = "extra == 'cache'" }
[[package]]
name = "click"
version = "8.1"
[[package]]
name = "click"
version = "7.0"
[[package]]
name = "redis"
version = "5"
[[package]]
name = "pytest"
version = "7"
[metadata]
lock-version = "1.1"
[metadata.files]
flask = [{ file = "f.whl", hash = "sha256:aa" }]
click = [{ file = "c.whl", hash = "sha256:cc" }]
`;

describe('poetry.lock', () => {
  test('since 2.1: by the groups it states; uWSGI is left out, and passwords too', async () => {
    expect(await locked({ 'poetry.lock': POETRY })).toMatchObject({
      packages: ['flask==3.0'],
      direct: ['own @ git+https://***@h/own.git@abc ; b == "1"'],
      warnings: [
        'poetry.lock locks uWSGI 2.0.20; it was left out: deploykit builds uWSGI itself',
        'poetry.lock has a password in a URL; it was left out: give it to git or pip where they run',
      ],
    });
    expect((await locked({ 'poetry.lock': POETRY }, ['cache'])).packages).toEqual([
      'flask==3.0',
      'redis==5 ; a == "1"',
    ]);
  });

  const pyproject = '[tool.poetry.dependencies]\npython = "*"\nflask = "*"\n';
  test('before: followed from pyproject.toml', async () => {
    const found = await locked({ 'poetry.lock': OLD_POETRY, 'pyproject.toml': pyproject });
    expect(found.packages).toEqual(['click==8.1 ; a == "1"', 'flask==3.0']);
  });

  test('older than pyproject.toml: refused', async () => {
    const dir = await project({
      'app.py': FLASK,
      'poetry.lock': OLD_POETRY,
      'pyproject.toml': `${pyproject}new = "*"\n`,
    });
    expect(await failure(() => detect(dir))).toMatchObject({
      code: 'DK_DETECT_REQUIREMENTS',
      message: 'poetry.lock cannot be read: it does not hold new',
      details: { hint: 'The lock is older than pyproject.toml: run poetry lock.' },
    });
  });
});

describe('pdm.lock', () => {
  const rows = (groups: boolean) => `[[package]]
name = "flask"
version = "3.0"
${groups ? 'groups = ["default"]\nmarker = "a == \'1\'"' : ''}
dependencies = ["click>=8; a == '2'"]
files = [{ file = "f.whl", hash = "sha256:aa" }]
[[package]]
name = "click"
version = "8.0"
${groups ? 'groups = ["dev"]' : ''}
files = [{ file = "c.whl", hash = "sha256:cc" }]
[[package]]
name = "click"
version = "8.0"
extras = ["x"]
${groups ? 'groups = ["default"]' : ''}
dependencies = ["click==8.0"]
files = [{ file = "c.whl", hash = "sha256:cc" }]
`;
  test('by stated groups; entries of extras are one package', async () => {
    expect((await locked({ 'pdm.lock': rows(true) })).packages).toEqual([
      'click==8.0',
      'flask==3.0 ; a == "1"',
    ]);
  });

  test('followed from pyproject.toml', async () => {
    const pyproject = '[project]\nname = "x"\ndependencies = ["flask"]\n';
    const { packages } = await locked({ 'pdm.lock': rows(false), 'pyproject.toml': pyproject });
    expect(packages).toEqual(['click==8.0 ; a == "2"', 'flask==3.0']);
  });
});

test('Pipfile.lock', async () => {
  const lock = {
    _meta: { sources: [{ name: 'intern', url: 'https://user:pw@intern/simple' }] },
    default: {
      flask: { version: '==3.0', hashes: ['sha256:aa'], markers: "python_version >= '3.8'", index: 'intern' },
      tzdata: { version: '*', markers: "sys_platform == 'win32'" },
      own: { git: 'https://h/own.git', ref: 'abc' },
    },
    develop: { pytest: { version: '==8' } },
  };
  expect(await locked({ 'Pipfile.lock': JSON.stringify(lock) })).toMatchObject({
    packages: ['flask==3.0 ; python_version >= "3.8"'],
    direct: ['own @ git+https://h/own.git@abc', 'tzdata ; sys_platform == "win32"'],
    indexes: [],
    warnings: ['Pipfile.lock takes flask from an index with a password; tell pip of it: PIP_EXTRA_INDEX_URL'],
  });
});

test('pylock.toml', async () => {
  const text = `lock-version = "1.0"
default-groups = ["main"]
[[packages]]
name = "flask"
version = "3.0"
marker = "'main' in dependency_groups"
wheels = [{ url = "https://h/f.whl", hashes = { sha256 = "aa" } }]
[[packages]]
name = "pytest"
version = "8"
marker = "'dev' in dependency_groups or 'test' in extras"
[[packages]]
name = "own"
vcs = { type = "git", url = "https://h/own.git", commit-id = "abc" }
[[packages]]
name = "shop"
directory = { path = "." }
`;
  expect(await locked({ 'pylock.toml': text })).toMatchObject({
    packages: ['flask==3.0'],
    direct: ['own @ git+https://h/own.git@abc'],
  });
});

test.each([
  ['uv.lock', 'version = 2\n', 'version: Invalid input: expected 1'],
  ['uv.lock', 'version = 1\n', 'it has no package for this folder'],
  ['Pipfile.lock', '{', 'Expected property name'],
  [
    'pylock.toml',
    'lock-version = "1.0"\npackages = [{ name = "--pre" }]\n',
    '"--pre" is no name of a package',
  ],
  [
    'pylock.toml',
    'lock-version = "1.0"\npackages = [{ name = "x", marker = "a" }]\n',
    'cannot read the marker a',
  ],
])('a broken %s is an error that says what', async (file, text, message) => {
  const error = await failure(async () => detect(await project({ 'app.py': FLASK, [file]: text })));
  expect(error).toMatchObject({ code: 'DK_DETECT_REQUIREMENTS' });
  expect(error.message).toContain(message);
});

const REAL = {
  'uv.lock': 'flask-uv',
  'poetry.lock': 'flask-poetry',
  'pdm.lock': 'flask-pdm',
  'Pipfile.lock': 'flask-pipenv',
  'pylock.toml': 'falcon-pylock',
};

test.each(Object.entries(REAL))(
  'a damaged %s is read or refused, and nothing else',
  async (file, example) => {
    const text = readFileSync(`test/examples/${example}/project/${file}`, 'utf8');
    const dir = await project({ 'app.py': FLASK });
    const damage = fc.record({
      at: fc.nat(text.length),
      cut: fc.nat(40),
      put: fc.oneof(
        fc.string({ maxLength: 12 }),
        fc.constantFrom('"', ']', '= 1', "marker = 'a'\n", '[[package]]\n'),
      ),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ at, cut, put }) => {
        await writeFile(path.join(dir, file), text.slice(0, at) + put + text.slice(at + cut));
        const result = await findRequirements(dir, '.').catch((error: unknown) => error);
        if (result instanceof Error) expect(result).toMatchObject({ code: 'DK_DETECT_REQUIREMENTS' });
      }),
      { numRuns: 60 },
    );
  },
);
