import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { detect } from '../../../src/project/detect/detect.js';
import { failure, project } from '../fixtures.js';

const FLASK = 'from flask import Flask\napp = Flask(__name__)\n';

async function requirements(files: Record<string, string | Uint8Array>) {
  const { requirements: finding, warnings } = await detect(await project({ 'app.py': FLASK, ...files }));
  return { ...finding, warnings };
}

describe('requirements.txt', () => {
  test('with includes and constraints', async () => {
    const { value, warnings } = await requirements({
      'requirements.txt': '-r requirements/base.txt\n-c requirements/pins.txt\ngunicorn==23.0 # server\n',
      'requirements/base.txt': '-r more.txt\nflask>=3\n',
      'requirements/more.txt': '-r base.txt\nsix\n',
      'requirements/pins.txt': '-r never-installed.txt\nwerkzeug<4\n',
      'requirements/never-installed.txt': 'celery\n',
    });
    expect(value).toEqual({
      kind: 'requirements',
      file: 'requirements.txt',
      files: [
        'requirements.txt',
        'requirements/base.txt',
        'requirements/more.txt',
        'requirements/never-installed.txt',
        'requirements/pins.txt',
      ],
      specs: ['six', 'flask>=3', 'gunicorn==23.0'],
    });
    expect(warnings).toEqual([]);
  });

  test('a file that constrains first and is required later is installed', async () => {
    const { value } = await requirements({ 'requirements.txt': '-c a.txt\n-r a.txt\n', 'a.txt': 'flask\n' });
    expect(value.specs).toEqual(['flask']);
  });

  test('a missing include names the line that wants it', async () => {
    const dir = await project({
      'app.py': FLASK,
      'requirements.txt': '-r a.txt\n',
      'a.txt': '\n-r sub/b.txt\n',
    });
    const error = await failure(() => detect(dir));
    expect(error).toMatchObject({
      code: 'DK_DETECT_REQUIREMENTS',
      message: 'there is no file sub/b.txt, which a.txt:2 includes',
      details: { file: path.join(dir, 'a.txt'), line: 2 },
    });
  });

  test('an include may not leave the project', async () => {
    const dir = await project({ 'app.py': FLASK, 'requirements.txt': 'flask\n-r ../common.txt\n' });
    const error = await failure(() => detect(dir));
    expect(error).toMatchObject({ code: 'DK_FILE_OUTSIDE', details: { line: 2 } });
  });

  test('an include by URL is left to pip', async () => {
    const { value } = await requirements({ 'requirements.txt': '-c https://h/pins.txt\nflask\n' });
    expect(value).toMatchObject({ files: ['requirements.txt'], specs: ['flask'] });
  });

  test('a line pip cannot read is warned about, without its password', async () => {
    const { warnings } = await requirements({
      'requirements.txt': 'flask\n<<<<<<< HEAD\nx y https://u:p@h/\n',
    });
    expect(warnings).toEqual([
      'requirements.txt:2: pip cannot read this line: <<<<<<< HEAD',
      'requirements.txt:3: pip cannot read this line: x y https://***@h/',
    ]);
  });

  test.each([
    ['UTF-8 with a mark', Buffer.from('\ufeffflask\n')],
    ['UTF-16 of PowerShell', Buffer.from('\ufeffflask\r\n', 'utf16le')],
    ['big-endian UTF-16', Buffer.from('\ufeffflask\n', 'utf16le').swap16()],
    ['latin-1', Buffer.from('# caf\xe9\nflask\n', 'latin1')],
  ])('%s', async (_, bytes) => {
    expect((await requirements({ 'requirements.txt': bytes })).value.specs).toEqual(['flask']);
  });

  test('goes before pyproject.toml, and says why', async () => {
    const { value, why } = await requirements({
      'requirements.txt': 'flask\n',
      'pyproject.toml': '[project]\ndependencies = ["django"]\n',
    });
    expect(value.kind).toBe('requirements');
    expect(why).toBe(
      'requirements.txt goes before pyproject.toml: it is the list that was made to be installed',
    );
  });

  test('beside it a broken pyproject.toml does not matter', async () => {
    const { value, warnings } = await requirements({
      'requirements.txt': 'flask\n',
      'pyproject.toml': '[project',
    });
    expect(value.kind).toBe('requirements');
    expect(warnings[0]).toMatch(/^pyproject\.toml is not valid TOML: .* \(it was not read\)$/);
  });
});

describe('pyproject.toml', () => {
  test('[project] dependencies', async () => {
    const { value } = await requirements({
      'pyproject.toml':
        '[project]\nname = "x"\ndependencies = ["flask>=3", "x @ git+https://h/x.git ; os_name == \'a\'"]\n',
    });
    expect(value).toEqual({
      kind: 'declared',
      file: 'pyproject.toml',
      files: ['pyproject.toml'],
      specs: ['flask>=3', "x @ git+https://h/x.git ; os_name == 'a'"],
    });
  });

  test('dependencies that setuptools reads from a file', async () => {
    const { value } = await requirements({
      'pyproject.toml':
        '[project]\ndynamic = ["dependencies"]\n[tool.setuptools.dynamic]\ndependencies = { file = ["req.in"] }\n',
      'req.in': 'flask\nsix\n',
    });
    expect(value).toMatchObject({ kind: 'declared', specs: ['flask', 'six'] });
  });

  test.each([
    ['not TOML', '[project\n', 1],
    ['no list', '[project]\nname = "x"\ndependencies = "flask"\n', 3],
    ['a list of other things', '[project]\ndependencies = ["flask", 3]\n', 2],
    ['no requirement', '[project]\ndependencies = [\n  "flask = 3",\n]\n', 2],
    ['an option', '[project]\ndependencies = ["-r base.txt"]\n', 2],
  ])('%s', async (_, text, line) => {
    const dir = await project({ 'app.py': FLASK, 'pyproject.toml': text });
    const error = await failure(() => detect(dir));
    expect(error).toMatchObject({
      code: 'DK_DETECT_REQUIREMENTS',
      details: { file: path.join(dir, 'pyproject.toml'), line },
    });
  });

  test('a password in a URL is warned about', async () => {
    const { warnings } = await requirements({
      'pyproject.toml': '[project]\ndependencies = ["x @ https://u:p@h/x.whl"]\n',
    });
    expect(warnings[0]).toContain('has a password in its URL');
  });
});

describe('neither', () => {
  test('a lone file gets its framework', async () => {
    const { value, why } = await requirements({});
    expect(value).toEqual({ kind: 'none', files: [], specs: ['flask'] });
    expect(why).toBe('no list of dependencies; flask is installed because app.py uses it');
  });

  test('what only conda can resolve is named as not read', async () => {
    expect((await requirements({ 'environment.yml': 'dependencies: [flask]\n' })).warnings).toEqual([
      'environment.yml is not read; write a list that is: pip freeze > requirements.txt',
    ]);
  });

  test('dynamic dependencies of another backend', async () => {
    const { value, warnings } = await requirements({
      'pyproject.toml': '[project]\ndynamic = ["dependencies"]\n',
    });
    expect(value.kind).toBe('none');
    expect(warnings).toEqual([
      'pyproject.toml leaves its dependencies to its build backend; they were not read',
    ]);
  });

  test('an empty [project] does not hide what the code uses', async () => {
    expect((await requirements({ 'pyproject.toml': '[project]\nname = "x"\n' })).value.specs).toEqual([
      'flask',
    ]);
  });

  test('requirements/production.txt is found', async () => {
    const { value } = await requirements({
      'requirements/production.txt': 'flask\n',
      'requirements/dev.txt': 'x\n',
    });
    expect(value.file).toBe('requirements/production.txt');
  });
});

describe('framework', () => {
  test.each([
    ['Flask==3', 'flask'],
    ['DJANGO', 'django'],
  ])('%s in the list', async (line, framework) => {
    const dir = await project({ 'requirements.txt': `${line}\n`, 'x.py': '' });
    expect((await detect(dir)).framework).toMatchObject({
      value: framework,
      why: `requirements.txt lists ${framework}`,
    });
  });

  test('the code goes before the list', async () => {
    const dir = await project({ 'app.py': FLASK, 'requirements.txt': 'django\nflask\n' });
    expect((await detect(dir)).framework?.value).toBe('flask');
  });

  test('a named module in its place needs no search', async () => {
    const dir = await project({ 'app.py': FLASK, 'requirements.txt': 'flask\n' });
    expect(await detect(dir, { module: 'app:app' })).toMatchObject({
      pythonFiles: null,
      framework: { value: 'flask' },
    });
  });
});

describe('lists of other tools', () => {
  test('poetry: ranges in PEP 440, markers, extras, sources; groups only when asked for', async () => {
    const pyproject = `[tool.poetry]
name = "shop"
[tool.poetry.dependencies]
python = "^3.9"
flask = "^3.0.2"
six = "~1.4"
"zope.event" = "*"
redis = { version = ">=5", optional = true }
urllib3 = { version = "^0.2.3", extras = ["socks"], python = "<3.12" }
lib = { path = "lib" }
own = { git = "git@host:me/own.git", tag = "v1" }
[tool.poetry.extras]
cache = ["redis"]
[tool.poetry.group.prod.dependencies]
gevent = "25.9.1"
`;
    const main = [
      'flask>=3.0.2,<4',
      'six>=1.4,<1.5',
      'zope.event',
      'urllib3[socks]>=0.2.3,<0.3 ; python_full_version < "3.12"',
      './lib',
      'own @ git+ssh://git@host/me/own.git@v1',
    ];
    expect((await requirements({ 'pyproject.toml': pyproject })).value).toMatchObject({
      kind: 'declared',
      specs: main,
    });
    const dir = await project({ 'app.py': FLASK, 'pyproject.toml': pyproject });
    const { value } = (await detect(dir, { groups: ['cache', 'prod'] })).requirements;
    expect(value.specs).toEqual([...main.slice(0, 3), 'redis>=5', ...main.slice(3), 'gevent==25.9.1']);
    expect(await failure(() => detect(dir, { groups: ['nope'] }))).toMatchObject({
      code: 'DK_DETECT_REQUIREMENTS',
      details: { hint: 'It has prod, cache.' },
    });
  });

  test('PEP 735 groups with includes', async () => {
    const dir = await project({
      'app.py': FLASK,
      'pyproject.toml':
        '[project]\nname = "x"\ndependencies = ["flask"]\n[dependency-groups]\nbase = ["six"]\nprod = [{include-group = "base"}, "gevent"]\n',
    });
    expect((await detect(dir, { groups: ['prod'] })).requirements.value.specs).toEqual([
      'flask',
      'six',
      'gevent',
    ]);
  });

  test('Pipfile', async () => {
    const { value } = await requirements({
      Pipfile:
        '[packages]\nflask = "~=3.0"\nsix = {version = "*", markers = "os_name == \'nt\'"}\n[dev-packages]\nx = "*"\n',
    });
    expect(value).toMatchObject({
      kind: 'declared',
      file: 'Pipfile',
      specs: ['flask~=3.0', "six ; os_name == 'nt'"],
    });
  });

  test('setup.cfg', async () => {
    const { value } = await requirements({
      'setup.cfg':
        '[options]\npackages = find:\ninstall_requires =\n    flask>=3\n    # why\n    six; python_version<"4"\n\nzip_safe = no\n[x]\na = b\n',
    });
    expect(value.specs).toEqual(['flask>=3', 'six; python_version<"4"']);
  });

  test.each([
    ['a list', 'from setuptools import setup\nsetup(name="x", install_requires=["flask>=3", "six"])\n'],
    ['a name', 'from setuptools import setup\nneeds = ["flask>=3", "six"]\nsetup(install_requires=needs)\n'],
  ])('setup.py with %s', async (_, text) => {
    expect((await requirements({ 'setup.py': text })).value.specs).toEqual(['flask>=3', 'six']);
  });

  test('setup.py that computes its list is named as not read', async () => {
    const text = 'from setuptools import setup\nsetup(install_requires=open("req.txt").read().split())\n';
    const { value, warnings } = await requirements({ 'setup.py': text });
    expect(value.kind).toBe('none');
    expect(warnings[0]).toMatch(/^setup\.py makes its list by code/);
  });

  test('hashes are noticed: pip then wants one for everything', async () => {
    const { value } = await requirements({ 'requirements.txt': 'flask==3.0.0 \\\n    --hash=sha256:aa\n' });
    expect(value).toMatchObject({ hashed: true, specs: ['flask==3.0.0'] });
  });
});
