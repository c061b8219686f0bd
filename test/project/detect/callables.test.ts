import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { detect } from '../../../src/project/detect/detect.js';
import { DJANGO, project, TUTORIAL } from '../fixtures.js';

const FLASK = 'from flask import Flask\napp = Flask(__name__)\n';

/** `module:callable` in the order of preference, `dir/` in front when it is not the project folder. */
async function found(files: Record<string, string | Uint8Array>, name?: string): Promise<string[]> {
  const { callables } = await detect(await project(files, name));
  return callables.map(({ value, dir }) => (dir === '.' ? value : `${dir}/${value}`));
}

describe('one file', () => {
  test.each([
    ['plain', FLASK, 's1:app'],
    ['another name', 'from flask import Flask\nserver = Flask(__name__)\n', 's1:server'],
    ['through the module', 'import flask\napp = flask.Flask("x")\n', 's1:app'],
    ['module alias', 'import flask as f\napp = f.Flask("x")\n', 's1:app'],
    ['class alias', 'from flask import Flask as F\napplication = F(__name__)\n', 's1:application'],
    ['star import', 'from flask import *\napp = Flask(__name__)\n', 's1:app'],
    [
      'parenthesised import',
      'from flask import (\n  jsonify,  # comment\n  Flask as F,\n)\napp = F(__name__)\n',
      's1:app',
    ],
    ['annotated', 'from flask import Flask\napp: Flask = Flask(__name__)\n', 's1:app'],
    ['chained', 'from flask import Flask\nx = app = Flask(__name__)\n', 's1:app'],
    ['in parentheses', 'from flask import Flask\napp = (\n    Flask(__name__)\n)\n', 's1:app'],
    [
      'many lines',
      'from flask import Flask\napp = Flask(\n    __name__,\n    static_folder=None,\n)\n',
      's1:app',
    ],
    ['conditional', 'from flask import Flask\napp = Flask("a") if DEBUG else Flask("b")\n', 's1:app'],
    ['after a semicolon', 'from flask import Flask; x = 1; app = Flask(__name__)\n', 's1:app'],
    [
      'inside try',
      'from flask import Flask\ntry:\n    app = Flask("a")\nexcept OSError:\n    raise\n',
      's1:app',
    ],
    [
      'inside if',
      'import flask\nif 1:\n    app = flask.Flask("a")\nelse:\n    app = flask.Flask("b")\n',
      's1:app',
    ],
    ['inside with', 'import flask\nwith x:\n    app = flask.Flask("a")\n', 's1:app'],
    ['alias of another', 'from flask import Flask\nweb = Flask("a")\napplication = web\n', 's1:application'],
    ['inside a middleware', 'from flask import Flask\nfrom w import M\napp = M(Flask("a"))\n', 's1:app'],
    ['own subclass', 'from flask import Flask\nclass Shop(Flask):\n    pass\napp = Shop("a")\n', 's1:app'],
    [
      'factory',
      'from flask import Flask\ndef create_app():\n    app = Flask("a")\n    return app\n',
      's1:create_app()',
    ],
    [
      'factory with defaults',
      'from flask import Flask\ndef make_app(c=None, *a, k=1, **o):\n    return Flask("a")\n',
      's1:make_app()',
    ],
    [
      'factory importing inside',
      'def create_app():\n    from flask import Flask\n    return Flask("a")\n',
      's1:create_app()',
    ],
    [
      'annotated factory',
      'import flask\ndef create_app() -> flask.Flask:\n    return build()\n',
      's1:create_app()',
    ],
    [
      'quoted annotation',
      'from flask import Flask\ndef create_app() -> "Flask":\n    return build()\n',
      's1:create_app()',
    ],
    [
      'decorated factory',
      'from flask import Flask\n@cached\ndef create_app():\n    return Flask("a")\n',
      's1:create_app()',
    ],
    [
      'any function called',
      'from flask import Flask\ndef build(c):\n    return Flask(c)\napp = build(1)\n',
      's1:app',
    ],
    ['plain WSGI', 'def application(environ, start_response):\n    return []\n', 's1:application'],
    ['no newline at the end', 'from flask import Flask\napp = Flask(__name__)', 's1:app'],
    ['tabs', 'from flask import Flask\nif 1:\n\tapp = Flask("a")\n', 's1:app'],
  ])('%s', async (_, source, expected) => {
    expect((await found({ 's1.py': source }))[0]).toBe(expected);
  });

  test.each([
    ['under the main guard', 'from flask import Flask\nif __name__ == "__main__":\n    app = Flask("a")\n'],
    ['under the guard, reversed', "import flask\nif '__main__' == __name__:\n    app = flask.Flask('a')\n"],
    ['for type checkers only', 'import flask\nif TYPE_CHECKING:\n    app = flask.Flask("a")\n'],
    ['inside a function', 'from flask import Flask\ndef f():\n    app = Flask("a")\n'],
    ['inside a class', 'from flask import Flask\nclass A:\n    app = Flask("a")\n'],
    ['an attribute', 'from flask import Flask\nx.app = Flask("a")\n'],
    ["someone else's Flask", 'from drinks import Flask\napp = Flask("a")\n'],
    ['a factory with arguments', 'from flask import Flask\ndef create_app(config):\n    return Flask("a")\n'],
    [
      'a keyword-only argument',
      'from flask import Flask\ndef create_app(*, config):\n    return Flask("a")\n',
    ],
    ['an asynchronous factory', 'from flask import Flask\nasync def create_app():\n    return Flask("a")\n'],
    ['a factory of something else', 'def create_app():\n    return object()\n'],
    ['in a comment or a string', '# app = Flask(__name__)\nx = """\napp = Flask(__name__)\n"""\n'],
    ['only annotated', 'from flask import Flask\napp: Flask\n'],
    ['given to an extension', 'from flask import Flask\ndb = SQLAlchemy(Flask("a"))\n'],
  ])('not %s', async (_, source) => {
    expect(await found({ 's1.py': source })).toEqual([]);
  });

  test('else of the main guard counts', async () => {
    const source =
      'from flask import Flask\nif __name__ == "__main__":\n    pass\nelse:\n    app = Flask("a")\n';
    expect(await found({ 's1.py': source })).toEqual(['s1:app']);
  });

  test('names the line', async () => {
    const { callables } = await detect(await project(TUTORIAL));
    expect(callables).toEqual([
      expect.objectContaining({ value: 's1:app', file: 's1.py', line: 3, why: 'app is made by flask.Flask' }),
    ]);
  });
});

describe('text of any age', () => {
  test.each([
    ['byte order mark', `\ufeff${FLASK}`],
    ['CRLF', FLASK.replaceAll('\n', '\r\n')],
    ['latin-1', Buffer.from(`# -*- coding: latin-1 -*-\nname = "caf\xe9"\n${FLASK}`, 'latin1')],
    ['Python 2', `print "hello"\nexec "x" in y\ntry:\n    pass\nexcept E, e:\n    raise E, "x"\n${FLASK}`],
    ['a syntax error before', `def (:\n    x\n\n${FLASK}`],
    ['a syntax error after', `${FLASK}\nif x ==\n  while:\n`],
    ['an unclosed bracket after', `${FLASK}\nx = [1,\n`],
    ['NUL bytes', `${FLASK}\0\0`],
  ])('%s', async (_, source) => {
    expect(await found({ 's1.py': source })).toEqual(['s1:app']);
  });
});

describe('which one', () => {
  test.each<[string, Record<string, string>, string]>([
    ['app.py before other files', { 'app.py': FLASK, 'api.py': FLASK }, 'app:app'],
    ['wsgi.py before app.py, as Flask itself does', { 'app.py': FLASK, 'wsgi.py': FLASK }, 'wsgi:app'],
    ['main.py before others', { 'main.py': FLASK, 'a.py': FLASK }, 'main:app'],
    ['the file named as the project', { 'shop.py': FLASK, 'a.py': FLASK }, 'shop:app'],
    ['the root before folders', { 'zz.py': FLASK, 'pkg/__init__.py': '', 'pkg/app.py': FLASK }, 'zz:app'],
    [
      'wsgi.py in a package before its other modules',
      { 'pkg/__init__.py': FLASK, 'pkg/wsgi.py': FLASK, 'pkg/b.py': FLASK },
      'pkg:app',
    ],
    [
      'a package before examples of its use',
      {
        'examples/app.py': FLASK,
        'pkg/__init__.py': 'import flask\ndef create_app(): return flask.Flask("a")\n',
      },
      'pkg:create_app()',
    ],
    [
      'app before other names',
      { 's1.py': 'import flask\nadmin = flask.Flask("a")\napp = flask.Flask("b")\n' },
      's1:app',
    ],
    [
      'an object before a factory',
      { 's1.py': 'import flask\ndef create_app():\n    return flask.Flask("a")\nweb = create_app()\n' },
      's1:web',
    ],
    [
      'create_app before make_app',
      {
        's1.py':
          'import flask\ndef make_app(): return flask.Flask("a")\ndef create_app(): return flask.Flask("a")\n',
      },
      's1:create_app()',
    ],
  ])('%s', async (_, files, expected) => {
    expect((await found(files))[0]).toBe(expected);
  });

  test('two of one rank are left to the caller', async () => {
    const { callables } = await detect(await project({ 's1.py': FLASK, 's2.py': FLASK }));
    expect(callables.map(({ rank }) => rank)).toEqual([callables[0]?.rank, callables[0]?.rank]);
  });
});

describe('across files', () => {
  const factory =
    'from flask import Flask\ndef create_app(config=None):\n    app = Flask(__name__)\n    return app\n';
  test.each<[string, Record<string, string>, string]>([
    [
      'a factory called elsewhere',
      {
        'wsgi.py': 'from shop import create_app\napplication = create_app("prod")\n',
        'shop/__init__.py': factory,
      },
      'wsgi:application',
    ],
    [
      'a factory handed on by its package',
      {
        'run.py': 'import shop\napp = shop.create_app()\n',
        'shop/__init__.py': 'from .factory import create_app\n',
        'shop/factory.py': factory,
      },
      'run:app',
    ],
    [
      'an object handed on by wsgi.py',
      {
        'wsgi.py': 'from web import server as application\n',
        'web.py': 'from flask import Flask\nserver = Flask("a")\n',
      },
      'wsgi:application',
    ],
    [
      'a use is no place to serve from',
      {
        'manage_db.py': 'from web import server\n',
        'web.py': 'from flask import Flask\nserver = Flask("a")\n',
      },
      'web:server',
    ],
    [
      'relative imports',
      {
        'pkg/__init__.py': '',
        'pkg/core.py': factory,
        'pkg/wsgi.py': 'from .core import create_app\napp = create_app()\n',
      },
      'pkg.wsgi:app',
    ],
    [
      'two levels up',
      {
        'pkg/__init__.py': factory,
        'pkg/a/__init__.py': '',
        'pkg/a/wsgi.py': 'from .. import create_app\napp = create_app()\n',
      },
      'pkg.a.wsgi:app',
    ],
    [
      'a subclass elsewhere',
      {
        'base.py': 'import flask\nclass Base(flask.Flask): pass\n',
        's1.py': 'from base import Base\napp = Base("a")\n',
      },
      's1:app',
    ],
  ])('%s', async (_, files, expected) => {
    expect((await found(files))[0]).toBe(expected);
  });

  test('circles end', async () => {
    expect(
      await found({
        'a.py': 'from b import app\napp = app\n',
        'b.py': 'from a import app\n',
        'app.py': 'from a import app\n',
      }),
    ).toEqual([]);
  });
});

describe('module names', () => {
  test.each<[string, Record<string, string>, string]>([
    [
      'a package',
      { 'pkg/__init__.py': '', 'pkg/sub/__init__.py': '', 'pkg/sub/web.py': FLASK },
      'pkg.sub.web:app',
    ],
    ['the package itself', { 'pkg/__init__.py': FLASK }, 'pkg:app'],
    ['src layout', { 'src/pkg/__init__.py': '', 'src/pkg/web.py': FLASK }, 'src/pkg.web:app'],
    ['a folder that is no package', { 'backend/web.py': FLASK }, 'backend/web:app'],
    [
      'a namespace package, by a relative import',
      { 'pkg/web.py': `from .db import x\n${FLASK}` },
      'pkg.web:app',
    ],
    [
      'a namespace package, by its own name',
      { 'pkg/web.py': `from pkg.db import x\n${FLASK}` },
      'pkg.web:app',
    ],
    [
      'a file of the folder name inside it',
      { 'app/app.py': FLASK, 'app/wsgi.py': 'from app import app\n' },
      'app/wsgi:app',
    ],
    ['a stray __init__.py at the root', { '__init__.py': '', 's1.py': FLASK }, 's1:app'],
    [
      'a package hides a file of its name',
      { 'app.py': FLASK, 'app/__init__.py': 'import flask\nweb = flask.Flask("a")\n' },
      'app:web',
    ],
    ['a dash, which uWSGI can import', { 'my-app.py': FLASK }, 'my-app:app'],
  ])('%s', async (_, files, expected) => {
    expect((await found(files))[0]).toBe(expected);
  });

  test('a name uWSGI cannot import is an obstacle, not a callable', async () => {
    const { callables, obstacles } = await detect(await project({ 'café.py': FLASK }));
    expect(callables).toEqual([]);
    expect(obstacles.map(({ text }) => text)).toEqual([
      'café.py:2: uWSGI cannot import a module of this name; use letters, digits and "_"',
    ]);
  });
});

describe('Django', () => {
  test('as startproject writes it', async () => {
    const { callables, framework } = await detect(await project(DJANGO));
    expect(callables.map(({ value }) => value)).toEqual(['mysite.wsgi:application']);
    expect(callables[0]?.why).toContain('WSGI_APPLICATION in mysite/settings.py names it');
    expect(framework?.value).toBe('django');
  });

  test('the one the settings name goes first', async () => {
    const files = {
      ...DJANGO,
      'mysite/settings.py': "WSGI_APPLICATION = 'mysite.other.application'\n",
      'mysite/other.py': 'from django.core.wsgi import get_wsgi_application as g\napplication = g()\n',
      'wsgi.py': FLASK,
    };
    expect((await found(files))[0]).toBe('mysite.other:application');
  });

  test('the settings of manage.py point to their package', async () => {
    const files = { ...DJANGO, 'mysite/settings.py': 'DEBUG = False\n', 'app.py': FLASK };
    expect((await found(files))[0]).toBe('mysite.wsgi:application');
  });

  test('settings in a package, middleware around', async () => {
    const files = {
      'config/__init__.py': '',
      'config/settings/__init__.py': '',
      'config/settings/base.py': 'WSGI_APPLICATION = "config.wsgi.application"\n',
      'config/wsgi.py':
        'from django.core.wsgi import get_wsgi_application\nfrom whitenoise import WhiteNoise\n' +
        'application = WhiteNoise(get_wsgi_application(), root="x")\n',
    };
    expect(await found(files)).toEqual(['config.wsgi:application']);
  });

  test('in a folder of its own', async () => {
    const files = Object.fromEntries(Object.entries(DJANGO).map(([file, text]) => [`backend/${file}`, text]));
    expect(await found({ ...files, 'backend/requirements.txt': 'django\n' })).toEqual([
      'backend/mysite.wsgi:application',
    ]);
  });

  test('two projects are equally likely', async () => {
    const both = ['one', 'two'].flatMap((dir) =>
      Object.entries(DJANGO).map(([file, text]) => [`${dir}/${file}`, text]),
    );
    const { callables } = await detect(await project(Object.fromEntries(both)));
    expect(callables.map(({ rank }) => rank)).toEqual([callables[0]?.rank, callables[0]?.rank]);
  });
});

describe('where it looks', () => {
  test.each([
    'tests/app.py',
    'test/app.py',
    'test_app.py',
    'app_test.py',
    'conftest.py',
    'node_modules/x/app.py',
    'lib/site-packages/x/app.py',
    'build/app.py',
    'dist/app.py',
    '.deploykit/app.py',
    '.git/app.py',
    '__pycache__/app.py',
    'a/b/c/d/e/app.py',
  ])('not in %s', async (file) => {
    expect(await found({ [file]: FLASK })).toEqual([]);
  });

  test('four folders deep', async () => {
    expect(await found({ 'a/b/c/d/app.py': FLASK })).toEqual(['a/b/c/d/app:app']);
  });

  test('not in a virtual environment of any name', async () => {
    expect(await found({ 'my-env/pyvenv.cfg': '', 'my-env/app.py': FLASK })).toEqual([]);
  });

  test('not through symbolic links', async () => {
    const outside = await project({ 'app.py': FLASK });
    const dir = await project({});
    await symlink(outside, path.join(dir, 'linked'));
    await symlink(path.join(outside, 'app.py'), path.join(dir, 'app.py'));
    await symlink('.', path.join(dir, 'loop'));
    expect((await detect(dir)).callables).toEqual([]);
  });

  test('not in files of more than 1 MB', async () => {
    expect(await found({ 'app.py': `${FLASK}${'#'.repeat(1024 ** 2)}` })).toEqual([]);
  });

  test('says when a bound ended the search', async () => {
    const dir = await project({});
    await mkdir(path.join(dir, 'many'));
    await Promise.all(
      Array.from({ length: 2_001 }, (_, n) => writeFile(path.join(dir, 'many', `m${n}.py`), '')),
    );
    await mkdir(path.join(dir, 'many', 'deeper'));
    const { warnings } = await detect(dir);
    expect(warnings).toEqual([
      'the project is large: only its first 2,000 Python files or folders were searched',
    ]);
  });

  test('a large file of data is no burden', async () => {
    const data = Array.from({ length: 20_000 }, (_, n) => `x${n} = build(${n})`).join('\n');
    expect(await found({ 'app.py': `${FLASK}${data}` })).toEqual(['app:app']);
  });
});
