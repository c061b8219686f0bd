import { readdir, readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'smol-toml';
import { describe, expect, test, vi } from 'vitest';
import { initProject } from '../../src/project/init.js';
import { projectJsonSchema } from '../../src/project/json-schema.js';
import { loadProject } from '../../src/project/load.js';
import { DJANGO, failure, project, TUTORIAL } from './fixtures.js';

const FLASK = 'from flask import Flask\napp = Flask(__name__)\n';

test('writes what was found live, and defaults as comments', async () => {
  const dir = await project({ ...TUTORIAL, '.python-version': '3.12\n' });
  const { file, contents, findings, warnings } = await initProject({ dir });
  expect(file).toBe(path.join(dir, 'deploykit.toml'));
  expect(await readFile(file, 'utf8')).toBe(contents);
  expect(parse(contents)).toEqual({
    name: 'shop',
    app: { module: 's1:app', python: '3.12', requirements: 'requirements.txt' },
    server: {},
    image: {},
    front: {},
    bench: {},
  });
  expect(contents.split('\n')[0]).toBe('#:schema ./.deploykit/deploykit.schema.json');
  expect(contents).toContain('# Found: s1.py:3: app is made by flask.Flask\nmodule = "s1:app"\n');
  expect(contents).toContain('\n# gevent greenlets');
  expect(contents).toContain('\n#async = 100\n');
  expect(contents).toContain('\n#port = 8000\n');
  expect(findings).toContainEqual({
    what: 'app.module',
    value: 's1:app',
    why: 'app is made by flask.Flask',
    where: 's1.py:3',
  });
  expect(warnings).toEqual([]);
  expect((await readdir(dir)).sort()).toEqual([
    '.deploykit',
    '.python-version',
    'deploykit.toml',
    'requirements.txt',
    's1.py',
  ]);
});

test('the schema the first line names is there', async () => {
  const dir = await project(TUTORIAL);
  const { contents } = await initProject({ dir });
  const reference = /^#:schema (.+)$/m.exec(contents)?.[1] ?? '';
  expect(JSON.parse(await readFile(path.join(dir, reference), 'utf8'))).toEqual(projectJsonSchema());
});

test('every commented line is valid once it is uncommented', async () => {
  const { contents } = await initProject({ dir: await project(TUTORIAL) });
  const uncommented = contents.replace(/^#(\w+ = )/gm, '$1');
  const dir = await project({ ...TUTORIAL, 'package/module.py': FLASK, 'deploykit.toml': uncommented });
  const { project: loaded } = await loadProject({ dir, env: {} });
  expect(loaded.server).toMatchObject({ async: 100, threads: 8, static: { '/static': 'static' } });
});

describe('the written file loads to the project that was detected', () => {
  const src = { 'src/shop/__init__.py': '', 'src/shop/web.py': FLASK, 'requirements.txt': 'flask\n' };
  test.each([
    ['the tutorial', TUTORIAL, 'shop'],
    ['a lone file', { 's1.py': FLASK }, 'shop'],
    ['Django', DJANGO, 'shop'],
    ['a src layout', src, 'shop'],
    ['a folder with its own list', { 'back/web.py': FLASK, 'back/requirements.txt': 'flask\n' }, 'shop'],
    [
      'pyproject.toml',
      {
        'app.py': FLASK,
        'pyproject.toml': '[project]\nrequires-python = ">=3.9"\ndependencies = ["flask"]\n',
      },
      'shop',
    ],
    ['a factory', { 'wsgi.py': 'import flask\ndef create_app(): return flask.Flask("a")\n' }, 'shop'],
    ['plain WSGI', { 'wsgi.py': 'def application(environ, start_response): return []\n' }, 'shop'],
    ['an odd folder', TUTORIAL, 'Mein "Café" # = \\ 2'],
    ['a folder without Latin letters', TUTORIAL, '商店'],
    ['both frameworks listed', { 'app.py': FLASK, 'requirements.txt': 'django\nflask\n' }, 'shop'],
  ])('%s', async (_, files, name) => {
    const dir = await project(files, name);
    const before = await loadProject({ dir, env: {} });
    const { file } = await initProject({ dir });
    const after = await loadProject({ dir, env: {} });
    expect(after.project).toEqual({ ...before.project, file });
    expect(after.warnings).toEqual(before.warnings);
    expect(after.origins['app.module']?.kind).toBe('file');
  });
});

describe('answers', () => {
  test('are written live, in their sections', async () => {
    const dir = await project(TUTORIAL);
    const { contents } = await initProject({
      dir,
      name: 'web-shop',
      answers: {
        'server.async': '100',
        'server.buffer_size': 32768,
        'server.port': undefined,
        'app.env': { GREETING: 'say "hi" \\ # = é' },
        'app.secrets': ['DB_PASSWORD'],
        'target.vm.kind': 'systemd',
      },
    });
    expect(parse(contents)).toMatchObject({
      name: 'web-shop',
      server: { async: 100, buffer_size: 32768 },
      app: { env: { GREETING: 'say "hi" \\ # = é' }, secrets: ['DB_PASSWORD'] },
      target: { vm: { kind: 'systemd' } },
    });
    const { project: loaded } = await loadProject({ dir, env: {} });
    expect(loaded).toMatchObject({
      name: 'web-shop',
      server: { async: 100 },
      target: { vm: { kind: 'systemd' } },
    });
  });

  test.each([
    [{ 'server.async': 'fast' }, 'DK_CONFIG_INVALID'],
    [{ 'server.asynch': 5 }, 'DK_CONFIG_UNKNOWN_KEY'],
    [{ 'app.env_file': '../.env' }, 'DK_FILE_OUTSIDE'],
  ])('%j is refused and nothing is written', async (answers, code) => {
    const dir = await project(TUTORIAL);
    expect((await failure(() => initProject({ dir, answers }))).code).toBe(code);
    expect(await readdir(dir)).not.toContain('deploykit.toml');
  });

  test('a given module needs no evidence', async () => {
    const dir = await project(TUTORIAL);
    const { contents } = await initProject({ dir, module: 'other.wsgi:build()' });
    expect(parse(contents)).toMatchObject({ app: { module: 'other.wsgi:build()' } });
  });
});

describe('doubt', () => {
  const files = { 's1.py': FLASK, 'sub/s1.py': FLASK, 's2.py': FLASK };

  test('is asked about', async () => {
    const choose = vi.fn(async () => 's2:app');
    const { contents } = await initProject({ dir: await project(files), choose });
    expect(choose).toHaveBeenCalledExactlyOnceWith('Which WSGI callable should be served?', [
      's1:app',
      's2:app',
    ]);
    expect(parse(contents)).toMatchObject({ app: { module: 's2:app' } });
  });

  test('one module in two folders is told apart', async () => {
    const dir = await project({ 'a/app.py': FLASK, 'b/app.py': FLASK });
    const { contents } = await initProject({ dir, choose: async (_, [, second = '']) => second });
    expect(parse(contents)).toMatchObject({ app: { module: 'app:app', dir: 'b' } });
  });

  test('is an error without anyone to ask', async () => {
    const error = await failure(async () => initProject({ dir: await project(files) }));
    expect(error.code).toBe('DK_DETECT_CALLABLE');
    expect(error.details.excerpt).toMatch(/^s1:app .*\ns2:app /);
  });

  test('an answer from nowhere is refused', async () => {
    const error = await failure(async () =>
      initProject({ dir: await project(files), choose: async () => 'x:y' }),
    );
    expect(error.code).toBe('DK_DETECT_CALLABLE');
  });
});

describe('never overwrites', () => {
  test.each([
    ['deploykit.toml', 'deploykit.toml', 'not even TOML'],
    ['[tool.deploykit]', 'pyproject.toml', '[tool.deploykit]\n'],
  ])('%s', async (what, file, text) => {
    const dir = await project({ ...TUTORIAL, [file]: text });
    const error = await failure(() => initProject({ dir }));
    expect(error.code).toBe('DK_CONFIG_EXISTS');
    expect(error.message).toContain(what);
    expect(await readFile(path.join(dir, file), 'utf8')).toBe(text);
  });

  test('a link to nowhere', async () => {
    const dir = await project(TUTORIAL);
    await symlink('nowhere', path.join(dir, 'deploykit.toml'));
    expect((await failure(() => initProject({ dir }))).code).toBe('DK_CONFIG_EXISTS');
  });

  test('of two at once, one wins and the other is told', async () => {
    const dir = await project(TUTORIAL);
    const outcomes = await Promise.allSettled([initProject({ dir }), initProject({ dir, name: 'other' })]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const lost = outcomes.find((outcome) => outcome.status === 'rejected');
    expect(lost?.reason).toMatchObject({ code: 'DK_CONFIG_EXISTS' });
    expect((await readdir(dir)).filter((name) => name.includes('.tmp'))).toEqual([]);
  });
});

test('a folder that cannot be written to is an error of the user', async () => {
  const dir = await project({ ...TUTORIAL, '.deploykit': 'a file where a folder should be' });
  const error = await failure(() => initProject({ dir }));
  expect(error.code).toBe('DK_USAGE');
  expect(await readdir(dir)).not.toContain('deploykit.toml');
});

test('candidates, best first, with how sure each is', async () => {
  const app = 'from flask import Flask\napp = Flask(__name__)\n';
  const dir = await project({
    'app.py': app,
    'other.py': app,
    'pkg/__init__.py': '',
    'pkg/deep.py': app,
    'examples/demo.py': app,
    'requirements.txt': 'flask\n',
  });
  const { candidates } = await initProject({ dir });
  expect(candidates.map(({ module, confidence, where }) => `${module} ${confidence} ${where}`)).toEqual([
    'app:app likely app.py:2',
    'other:app possible other.py:2',
    'pkg.deep:app possible pkg/deep.py:2',
    'demo:app unlikely examples/demo.py:2',
  ]);
});
