import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadProject } from '../../src/project/load.js';
import { failure, project, TUTORIAL } from './fixtures.js';

const load = async (
  toml: string,
  more: { env?: NodeJS.ProcessEnv; overrides?: Record<string, unknown> } = {},
) => {
  const dir = await project({ ...TUTORIAL, 'deploykit.toml': toml });
  return failure(() => loadProject({ dir, env: {}, ...more }));
};

const TABLES = 'Write the setting in the project file (tables have no variables), or unset the variable.';

describe('broken TOML', () => {
  test('is shown with a caret', async () => {
    const error = await load('name = "x"\n[server]\nasync = \nport = 1\n');
    expect(error.code).toBe('DK_CONFIG_SYNTAX');
    expect(error.message).toMatch(/^deploykit\.toml is not valid TOML: \S/);
    expect(error.details).toMatchObject({ line: 3, file: expect.stringMatching(/deploykit\.toml$/) });
    expect(error.details.excerpt).toContain('> 3 | async =');
    expect(error.details.excerpt).toMatch(/^ {4}\| +\^$/m);
  });

  test.each([
    ['a key written twice', 'name = "a"\nname = "b"\n'],
    ['text without quotes', '[app]\nmodule = s1:app\n'],
    ['a number TOML cannot hold', '[server]\nport = 99999999999999999999\n'],
  ])('%s', async (_, toml) => {
    const error = await load(toml);
    expect(error.code).toBe('DK_CONFIG_SYNTAX');
    expect(error.details.line).toBe(2);
  });

  test('a file that is not UTF-8', async () => {
    const dir = await project({ ...TUTORIAL, 'deploykit.toml': Buffer.from('name = "caf\xe9"\n', 'latin1') });
    const error = await failure(() => loadProject({ dir, env: {} }));
    expect(error).toMatchObject({ code: 'DK_CONFIG_SYNTAX', message: 'deploykit.toml is not UTF-8 text' });
  });
});

describe('unknown keys', () => {
  test('name their line and the key that was meant', async () => {
    const error = await load('[server]\nport = 1\nasynch = 100\n');
    expect(error.code).toBe('DK_CONFIG_UNKNOWN_KEY');
    expect(error.message).toBe('[server] has no key "asynch"');
    expect(error.details).toMatchObject({ line: 3, hint: 'Did you mean "async"?' });
    expect(error.details.excerpt).toContain('> 3 | asynch = 100');
  });

  test('in [tool.deploykit] too', async () => {
    const dir = await project({
      ...TUTORIAL,
      'pyproject.toml': '[tool.x]\ny = 1\n[tool.deploykit]\nsever = 1\n',
    });
    const error = await failure(() => loadProject({ dir, env: {} }));
    expect(error).toMatchObject({ code: 'DK_CONFIG_UNKNOWN_KEY', message: 'there is no "sever"' });
    expect(error.details.line).toBe(4);
  });

  test('[tool.deploykit] must be a table', async () => {
    const dir = await project({ ...TUTORIAL, 'pyproject.toml': '[tool]\ndeploykit = 5\n' });
    const error = await failure(() => loadProject({ dir, env: {} }));
    expect(error.message).toBe('the project file should be a table, but is 5 (whole number)');
    expect(error.details.line).toBe(2);
  });

  test('in a target', async () => {
    const error = await load('[target.web]\nkind = "docker"\nmemry = "1g"\n');
    expect(error.message).toBe('[target.web] has no key "memry"');
    expect(error.details).toMatchObject({ line: 3, hint: 'Did you mean "memory"?' });
  });
});

describe('invalid values', () => {
  test.each([
    [
      '[server]\nasync = "fast"',
      'server.async should be a whole number from 1 to 10000, but is "fast" (text)',
    ],
    ['[server]\nasync = 0', 'server.async should be a whole number from 1 to 10000, but is 0 (whole number)'],
    ['[server]\nasync = 1.5', 'server.async should be a whole number from 1 to 10000, but is 1.5 (number)'],
    [
      '[server]\nprocesses = "many"',
      'server.processes should be "auto" or a whole number from 1 to 1024, but is "many" (text)',
    ],
    ['[server]\nport = true', 'server.port should be a whole number from 0 to 65535, but is true (boolean)'],
    [
      '[server]\nmax_requests = -1',
      'server.max_requests should be a whole number of at least 0, but is -1 (whole number)',
    ],
    ['[server]\nbind = "localhost"', 'server.bind should be an IP address, but is "localhost" (text)'],
    ['[server]\nport = 2020-01-01', 'server.port should be a whole number from 0 to 65535, but is a date'],
    ['[app]\nmodule = "s1"', 'app.module should look like "package.module:callable", but is "s1" (text)'],
    [
      '[app]\nmodule = "s1.py:app"',
      'app.module should name the module ("s1:app"), not the file ("s1.py:app"), but is "s1.py:app" (text)',
    ],
    ['[app]\nenv = "A=1"', 'app.env should be a table, but is "A=1" (text)'],
    ['[app.env]\nA = 1', 'app.env.A should be text, but is 1 (whole number)'],
    [
      '[app.env]\n"A-B" = "1"',
      'a name in [app.env], "A-B", should be a variable name: letters, digits, underscore',
    ],
    ['[image]\npackages = "libpq"', 'image.packages should be a list of text, but is "libpq" (text)'],
    [
      '[image]\npackages = ["libpq", "-y"]',
      'image.packages, item 2, should be the name of a system package, but is "-y" (text)',
    ],
    ['[image]\nfamily = "arch"', 'image.family should be one of "el", "debian", but is "arch" (text)'],
    [
      '[target.web]\nmemory = "1g"',
      'target.web.kind should be one of "docker", "process", "systemd", but is missing',
    ],
    [
      '[target.web]\nkind = "docker"\ncpus = 0',
      'target.web.cpus should be a number above 0, up to 1024, but is 0 (whole number)',
    ],
    ['server = 5', 'server should be a table, but is 5 (whole number)'],
    ['[[app]]\nmodule = "s1:app"', 'app should be a table, but is a list'],
    [
      'name = "My App"',
      'name should be at most 40 lower-case letters, digits and "-", with a letter first, but is "My App" (text)',
    ],
  ])('%j', async (toml, message) => {
    const error = await load(`${toml}\n`);
    expect(error.message).toBe(message);
    expect(error.code).toBe('DK_CONFIG_INVALID');
    expect(error.exitCode).toBe(2);
    expect(error.details.line).toBeGreaterThanOrEqual(1);
  });

  test.each([
    ['[app]\npython = 3.11', 'Put the value in quotes.'],
    ['[server]\nport = "80"', 'Write the number without quotes.'],
  ])('%j: %s', async (toml, hint) => {
    expect((await load(toml)).details.hint).toBe(hint);
  });

  test.each([
    'secrets = ["DB_PASSWORD=hunter2"]',
    'secrets = { DB_PASSWORD = "hunter2" }',
    'secrets = "hunter2"',
  ])('no message repeats what may be a secret: %s', async (line) => {
    const error = await load(`[app]\n${line}\n`);
    expect(error.code).toBe('DK_CONFIG_INVALID');
    expect(JSON.stringify([error.message, error])).not.toContain('hunter2');
    expect(error.details.hint).toContain('names only');
  });

  test('all of a file at once, in the order of its lines', async () => {
    const error = await load('nam = "x"\n[server]\nasync = "fast"\nworkers = 4\n');
    expect(error.code).toBe('DK_CONFIG_UNKNOWN_KEY');
    expect(error.message).toBe('deploykit.toml has 3 mistakes');
    expect(error.details.line).toBe(1);
    expect(error.details.excerpt).toBe(
      [
        'deploykit.toml:1: there is no "nam". Did you mean "name"?',
        'deploykit.toml:3: server.async should be a whole number from 1 to 10000, but is "fast" (text)',
        'deploykit.toml:4: [server] has no key "workers". deploykit calls it "processes", in [server].',
      ].join('\n'),
    );
  });
});

describe('flags and variables', () => {
  test('a wrong flag is named as a flag', async () => {
    const error = await load('', { overrides: { 'server.async': 'fast' } });
    expect(error).toMatchObject({
      code: 'DK_CONFIG_INVALID',
      message: '--async (server.async) should be a whole number from 1 to 10000, but is "fast" (text)',
    });
    expect(error.details.line).toBeUndefined();
  });

  test('a wrong variable is named as a variable', async () => {
    const error = await load('', { env: { DEPLOYKIT_SERVER_REQUEST_TIMEOUT: 'soon' } });
    expect(error.message).toMatch(
      /^\$DEPLOYKIT_SERVER_REQUEST_TIMEOUT \(server\.request_timeout\) should be a whole/,
    );
  });

  test('a flag does not hide a mistake in the file', async () => {
    const error = await load('[server]\nasync = "fast"\n', { overrides: { 'server.async': 5 } });
    expect(error.details.line).toBe(2);
  });

  test('several are reported together', async () => {
    const error = await load('', { overrides: { 'server.async': 0, 'server.port': -1 } });
    expect(error.message).toBe('2 flags or variables are not usable');
    expect(error.details.excerpt).toContain('--async (server.async)');
    expect(error.details.excerpt).toContain('--port (server.port)');
  });

  test.each([
    ['DEPLOYKIT_SERVER_ASYNCC', 'Did you mean $DEPLOYKIT_SERVER_ASYNC?'],
    ['DEPLOYKIT_APP_ENV_DEBUG', TABLES],
    ['DEPLOYKIT_TARGET_WEB_KIND', TABLES],
  ])('$%s is no setting', async (name, hint) => {
    const error = await load('', { env: { [name]: '1' } });
    expect(error).toMatchObject({ code: 'DK_CONFIG_INVALID' });
    expect(error.message).toContain(`$${name}`);
    expect(error.details.hint).toBe(hint);
  });

  test('variables for other purposes are left alone', async () => {
    const dir = await project(TUTORIAL);
    const env = {
      DEPLOYKIT_REQUIRE: 'docker,vm',
      DEPLOYKIT_TARGET: 'web',
      DEPLOYKIT_APP: 's1:app',
      DEPLOYKIT_OTHER: '1',
    };
    await expect(loadProject({ dir, env })).resolves.toBeTruthy();
  });
});

describe('nothing to load', () => {
  test('no file and no Python', async () => {
    const dir = await project({ 'README.md': '' });
    const error = await failure(() => loadProject({ dir, env: {} }));
    expect(error.code).toBe('DK_CONFIG_MISSING');
  });

  test('no such folder', async () => {
    const dir = path.join(await project({}), 'nowhere');
    expect((await failure(() => loadProject({ dir, env: {} }))).code).toBe('DK_CONFIG_MISSING');
  });

  test('the named file is not there', async () => {
    const dir = await project(TUTORIAL);
    const error = await failure(() => loadProject({ dir, configFile: 'other.toml', env: {} }));
    expect(error).toMatchObject({
      code: 'DK_CONFIG_MISSING',
      details: { file: path.join(dir, 'other.toml') },
    });
  });

  test('Python without a callable', async () => {
    const dir = await project({ 'run.py': 'print("hello")\n' });
    const error = await failure(() => loadProject({ dir, env: {} }));
    expect(error.code).toBe('DK_DETECT_CALLABLE');
    expect(error.details.hint).toContain('[app] module');
  });

  test('a project file without a module, and no Python', async () => {
    const dir = await project({ 'deploykit.toml': '' });
    expect((await failure(() => loadProject({ dir, env: {} }))).code).toBe('DK_DETECT_CALLABLE');
  });

  test('an asynchronous framework is explained', async () => {
    const dir = await project({ 'main.py': 'from fastapi import FastAPI\n\napp = FastAPI()\n' });
    const error = await failure(() => loadProject({ dir, env: {} }));
    expect(error.code).toBe('DK_DETECT_CALLABLE');
    expect(error.details.excerpt).toMatch(
      /^main\.py:3: app is made by fastapi\.FastAPI, which is asynchronous/,
    );
  });

  test('two callables as likely as each other', async () => {
    const flask = 'from flask import Flask\napp = Flask("x")\n';
    const dir = await project({ 's1.py': flask, 's2.py': flask });
    const error = await failure(() => loadProject({ dir, env: {} }));
    expect(error.code).toBe('DK_DETECT_CALLABLE');
    expect(error.details.excerpt).toBe(
      's1:app  possible  s1.py:2  app is made by flask.Flask\ns2:app  possible  s2.py:2  app is made by flask.Flask',
    );
    expect(error.details.hint).toContain('[app] module = "s1:app"');
  });

  test('one module in two folders', async () => {
    const flask = 'from flask import Flask\napp = Flask("x")\n';
    const dir = await project({ 'a/app.py': flask, 'b/app.py': flask });
    const error = await failure(() => loadProject({ dir, env: {}, overrides: { 'app.module': 'app:app' } }));
    expect(error.details.hint).toContain('dir = "a"');
    const { project: loaded } = await loadProject({ dir, env: {}, overrides: { 'app.dir': 'b' } });
    expect(loaded.app).toMatchObject({ dir: 'b', module: 'app' });
  });
});

describe('paths', () => {
  test.each([
    ['[app]\ndir = ".."', 'app.dir = ".."'],
    ['[app]\nrequirements = "../requirements.txt"', 'app.requirements'],
    ['[app]\nenv_file = "/etc/environment"', 'app.env_file'],
    ['[server.static]\n"/s" = "a/../../b"', 'server.static."/s"'],
  ])('%j leaves the project', async (toml, subject) => {
    const error = await load(`${toml}\n`);
    expect(error.code).toBe('DK_FILE_OUTSIDE');
    expect(error.message).toContain(subject);
    expect(error.details.line).toBe(2);
  });

  test('a CA bundle may lie anywhere', async () => {
    const dir = await project({ ...TUTORIAL, 'deploykit.toml': '[image]\nca_file = "/etc/ssl/ca.pem"\n' });
    await expect(loadProject({ dir, env: {} })).resolves.toBeTruthy();
  });

  test('through a symbolic link', async () => {
    const dir = await project({ ...TUTORIAL, 'deploykit.toml': '[server.static]\n"/s" = "static"\n' });
    await symlink('/tmp', path.join(dir, 'static'));
    expect((await failure(() => loadProject({ dir, env: {} }))).code).toBe('DK_FILE_OUTSIDE');
  });

  test('app.dir must be a folder', async () => {
    const error = await load('[app]\ndir = "s1.py"\n');
    expect(error.code).toBe('DK_CONFIG_INVALID');
    expect(error.message).toBe('app.dir should be a folder of the project, but "s1.py" is none');
  });

  test('a pyproject.toml that is named must list dependencies', async () => {
    const files = { ...TUTORIAL, 'pyproject.toml': '[tool.x]\n' };
    const dir = await project({ ...files, 'deploykit.toml': '[app]\nrequirements = "pyproject.toml"\n' });
    const error = await failure(() => loadProject({ dir, env: {} }));
    expect(error).toMatchObject({
      code: 'DK_DETECT_REQUIREMENTS',
      message: 'pyproject.toml has no [project] dependencies',
    });
  });

  test('a requirements file must be there', async () => {
    const error = await load('[app]\nrequirements = "req.txt"\n');
    expect(error.code).toBe('DK_DETECT_REQUIREMENTS');
    expect(error.message).toBe('there is no file req.txt');
  });
});
