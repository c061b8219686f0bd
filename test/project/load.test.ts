import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { loadProject } from '../../src/project/load.js';
import { DJANGO, project, TUTORIAL } from './fixtures.js';

test('the tutorial loads without a project file', async () => {
  const dir = await project(TUTORIAL);
  const { project: loaded, origins, warnings } = await loadProject({ dir, env: {} });
  expect(loaded).toMatchObject({
    dir,
    file: null,
    name: 'shop',
    app: {
      dir: '.',
      module: 's1',
      callable: 'app',
      python: null,
      framework: 'flask',
      requirements: {
        kind: 'requirements',
        file: 'requirements.txt',
        files: ['requirements.txt'],
        specs: ['flask'],
      },
    },
    server: { processes: 'auto', port: 8000, request_timeout: 30 },
  });
  expect(warnings).toEqual([]);
  expect(origins['app.module']).toEqual({ kind: 'detection', detail: 's1.py:3: app is made by flask.Flask' });
  expect(origins['server.port']).toEqual({ kind: 'default', detail: 'default' });
  expect(origins['server.async']).toEqual({ kind: 'default', detail: 'not set' });
});

test("Django's own layout loads without a project file", async () => {
  const { project: loaded } = await loadProject({ dir: await project(DJANGO), env: {} });
  expect(loaded.app).toMatchObject({
    module: 'mysite.wsgi',
    callable: 'application',
    framework: 'django',
    requirements: { kind: 'none', specs: ['django'] },
  });
});

test('flag > variable > file > detection > default, value by value', async () => {
  const dir = await project({
    ...TUTORIAL,
    '.python-version': '3.12.1\n',
    'deploykit.toml': `name = "filed"
[server]
async = 10
port = 1000
threads = 4
processes = 3
`,
  });
  const { project: loaded, origins } = await loadProject({
    dir,
    env: { DEPLOYKIT_SERVER_PORT: '2000', DEPLOYKIT_SERVER_ASYNC: '20', DEPLOYKIT_SERVER_LISTEN: '' },
    overrides: { 'server.async': 30, 'app.health': undefined },
  });
  expect(loaded.name).toBe('filed');
  expect(loaded.server).toMatchObject({ async: 30, port: 2000, threads: 4, processes: 3, listen: 'auto' });
  expect(loaded.app.python).toBe('3.12');
  expect(origins).toMatchObject({
    name: { kind: 'file', detail: 'deploykit.toml:1' },
    'server.async': { kind: 'flag', detail: '--async' },
    'server.port': { kind: 'environment', detail: '$DEPLOYKIT_SERVER_PORT' },
    'server.threads': { kind: 'file', detail: 'deploykit.toml:5' },
    'app.python': { kind: 'detection', detail: '.python-version:1: it asks for Python 3.12' },
    'app.health': { kind: 'default', detail: 'default' },
  });
});

test('entries of tables with free keys are merged one by one', async () => {
  const dir = await project({
    ...TUTORIAL,
    'deploykit.toml':
      '[app.env]\nA = "1"\nB = "2"\n[server.static]\n"/s" = "static"\n[target.web]\nkind = "docker"\n',
  });
  const { project: loaded, origins } = await loadProject({
    dir,
    env: {},
    overrides: { 'app.env.B': '3', 'app.env': { C: '4' }, 'target.web.memory': '512m' },
  });
  expect(loaded.app.env).toEqual({ A: '1', B: '3', C: '4' });
  expect(loaded.target).toMatchObject({ web: { kind: 'docker', memory: '512m' } });
  expect(origins['app.env.A']).toEqual({ kind: 'file', detail: 'deploykit.toml:2' });
  expect(origins['app.env.B']).toEqual({ kind: 'flag', detail: '--env' });
  expect(origins['server.static."/s"']).toEqual({ kind: 'file', detail: 'deploykit.toml:5' });
  expect(origins['target.web.memory']).toEqual({ kind: 'flag', detail: '--memory' });
  expect(origins['app.env']).toBeUndefined();
});

test('text of flags and variables becomes what the schema wants', async () => {
  const dir = await project(TUTORIAL);
  const { project: loaded } = await loadProject({
    dir,
    env: {
      DEPLOYKIT_NAME: 'named',
      DEPLOYKIT_APP_SECRETS: 'A_KEY, B_KEY',
      DEPLOYKIT_SERVER_PROCESSES: 'auto',
      DEPLOYKIT_APP_PYTHON: '3.10',
    },
    overrides: { 'server.async': '100', 'server.port': '0' },
  });
  expect(loaded.name).toBe('named');
  expect(loaded.app).toMatchObject({ secrets: ['A_KEY', 'B_KEY'], python: '3.10' });
  expect(loaded.server).toMatchObject({ processes: 'auto', async: 100, port: 0 });
});

test('[tool.deploykit] is read when there is no deploykit.toml', async () => {
  const dir = await project({
    ...TUTORIAL,
    'pyproject.toml': '[project]\nname = "x"\n\n[tool.deploykit.server]\nasync = 7\n',
  });
  const { project: loaded, origins } = await loadProject({ dir, env: {} });
  expect(loaded.file).toBe(path.join(dir, 'pyproject.toml'));
  expect(loaded.server.async).toBe(7);
  expect(origins['server.async']?.detail).toBe('pyproject.toml:5');
});

test('deploykit.toml goes before [tool.deploykit], and that is said', async () => {
  const dir = await project({
    ...TUTORIAL,
    'deploykit.toml': '[server]\nasync = 5\n',
    'pyproject.toml': '[tool.deploykit.server]\nasync = 7\n',
  });
  const { project: loaded, warnings } = await loadProject({ dir, env: {} });
  expect(loaded.server.async).toBe(5);
  expect(warnings).toEqual([
    'pyproject.toml has [tool.deploykit] too; it is not read, because deploykit.toml goes first',
  ]);
});

test('a pyproject.toml that only mentions deploykit is no project file', async () => {
  const dir = await project({ ...TUTORIAL, 'pyproject.toml': '[project]\nname = "deploykit-shop"\n' });
  expect((await loadProject({ dir, env: {} })).project.file).toBeNull();
});

test('a named file replaces the one found', async () => {
  const dir = await project({
    ...TUTORIAL,
    'deploykit.toml': 'nonsense',
    'deploy/staging.toml': 'name = "staging"\n',
  });
  const { project: loaded, origins } = await loadProject({ dir, configFile: 'deploy/staging.toml', env: {} });
  expect(loaded.name).toBe('staging');
  expect(origins['name']?.detail).toBe('deploy/staging.toml:1');
});

test('a byte order mark does not disturb', async () => {
  const dir = await project({ ...TUTORIAL, 'deploykit.toml': '\ufeffname = "marked"\n' });
  expect((await loadProject({ dir, env: {} })).project.name).toBe('marked');
});

test('app.dir comes from a src layout, also when the module is written', async () => {
  const files = {
    'src/shop/__init__.py': '',
    'src/shop/web.py': 'from flask import Flask\napp = Flask("x")\n',
  };
  const found = await loadProject({ dir: await project(files), env: {} });
  expect(found.project.app).toMatchObject({ dir: 'src', module: 'shop.web' });
  expect(found.origins['app.dir']).toMatchObject({ kind: 'detection' });
  const written = await project({ ...files, 'deploykit.toml': '[app]\nmodule = "shop.web:app"\n' });
  expect((await loadProject({ dir: written, env: {} })).project.app.dir).toBe('src');
});

test('a written app.dir is where modules are named from', async () => {
  const dir = await project({
    'back/web.py': 'from flask import Flask\nserver = Flask("x")\n',
    'back/__init__.py': '',
    'back/requirements.txt': 'flask\n',
    'deploykit.toml': '[app]\ndir = "./back/"\n',
  });
  const { project: loaded } = await loadProject({ dir, env: {} });
  expect(loaded.app).toMatchObject({ dir: 'back', module: 'web', callable: 'server' });
  expect(loaded.app.requirements.file).toBe('back/requirements.txt');
});

test('doubtful settings are warned about', async () => {
  const dir = await project({
    ...TUTORIAL,
    'deploykit.toml': `[app]
module = "s2:app"
env = { DB_PASSWORD = "x", URL = "postgres://u:p@h/d", MONKEY = "1" }
`,
  });
  const { warnings } = await loadProject({ dir, env: {} });
  expect(warnings).toEqual([
    'app.env.DB_PASSWORD looks like a secret, and app.env is written to files; name it in [app] secrets instead',
    'app.env.URL looks like a secret, and app.env is written to files; name it in [app] secrets instead',
    'app.module is "s2:app", and s2.py does not exist',
  ]);
});

test('a project file further up is not read in silence', async () => {
  const dir = await project({
    'deploykit.toml': 'name = "up"\n',
    'sub/app.py': 'from flask import Flask\napp = Flask("x")\n',
  });
  const { project: loaded, warnings } = await loadProject({ dir: path.join(dir, 'sub'), env: {} });
  expect(loaded.name).toBe('sub');
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain(path.join(dir, 'deploykit.toml'));
});

test('a link inside the project is followed, and may not lead out', async () => {
  const dir = await project({
    ...TUTORIAL,
    'assets/a.css': '',
    'deploykit.toml': '[server.static]\n"/s" = "static"\n',
  });
  await symlink('assets', path.join(dir, 'static'));
  await expect(loadProject({ dir, env: {} })).resolves.toBeTruthy();
});

test('an unreadable neighbour does not matter', async () => {
  const dir = await project(TUTORIAL);
  await mkdir(path.join(dir, 'pyproject.toml'));
  await writeFile(path.join(dir, 'broken.py'), 'def (:\n');
  await expect(loadProject({ dir, env: {} })).resolves.toBeTruthy();
});
