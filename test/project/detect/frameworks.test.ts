import { describe, expect, test } from 'vitest';
import { detect } from '../../../src/project/detect/detect.js';
import { loadProject } from '../../../src/project/load.js';
import { failure, project } from '../fixtures.js';

async function best(files: Record<string, string>): Promise<string | undefined> {
  const { callables, framework } = await detect(await project(files));
  const [first] = callables;
  return first && `${framework?.value ?? 'plain'} ${first.value}`;
}

describe('callables of other frameworks', () => {
  test.each<[string, string, string]>([
    [
      'Pyramid at module level',
      'from pyramid.config import Configurator\nconfig = Configurator()\nconfig.scan()\napp = config.make_wsgi_app()\n',
      'pyramid s1:app',
    ],
    [
      'Pyramid in a with',
      'from pyramid.config import Configurator\nwith Configurator() as config:\n    config.scan()\n    app = config.make_wsgi_app()\n',
      'pyramid s1:app',
    ],
    [
      'Pyramid by a factory',
      'from pyramid.config import Configurator\ndef main(global_config=None, **settings):\n    with Configurator(settings=settings) as config:\n        config.scan()\n    return config.make_wsgi_app()\n',
      'pyramid s1:main()',
    ],
    [
      'Pyramid by Paste',
      "from pyramid.paster import get_app\napplication = get_app('p.ini', 'main')\n",
      'pyramid s1:application',
    ],
    ['Bottle', 'from bottle import Bottle\napp = Bottle()\n', 'bottle s1:app'],
    [
      'Bottle, default application',
      'import bottle\napplication = bottle.default_app()\n',
      'bottle s1:application',
    ],
    ['Falcon', 'import falcon\napi = application = falcon.App()\n', 'falcon s1:application'],
    ['Falcon 2', 'import falcon\nprint(1)\napp = falcon.API()\n', 'falcon s1:app'],
    [
      'CherryPy, mounted',
      "import cherrypy\nclass Root: pass\napplication = cherrypy.tree.mount(Root(), '/')\n",
      'cherrypy s1:application',
    ],
    ['CherryPy, the tree', 'import cherrypy\napplication = cherrypy.tree\n', 'cherrypy s1:application'],
    ['Dash', 'from dash import Dash\napp = Dash(__name__)\nserver = app.server\n', 'flask s1:server'],
    [
      'an object of the project’s own',
      'class App:\n    def __call__(self, environ, start_response):\n        return []\napplication = App()\n',
      'plain s1:application',
    ],
    [
      'another name for a function',
      'def wsgibase(environ, responder):\n    return []\napplication = wsgibase\n',
      'plain s1:application',
    ],
    [
      'a FastAPI that is wrapped',
      'from a2wsgi import ASGIMiddleware\nfrom fastapi import FastAPI\napi = FastAPI()\napplication = ASGIMiddleware(api)\n',
      'plain s1:application',
    ],
  ])('%s', async (_, text, expected) => {
    expect(await best({ 's1.py': text })).toBe(expected);
  });

  test('web2py: from module to module, without a file to import it by', async () => {
    const files = {
      'wsgihandler.py':
        'import gluon.main\nif 0:\n    application = gluon.main.appfactory()\nelse:\n    application = gluon.main.wsgibase\n',
      'gluon/__init__.py': '',
      'gluon/main.py': 'def wsgibase(environ, responder):\n    return []\n',
    };
    expect(await best(files)).toBe('plain wsgihandler:application');
  });

  test('a middleware goes before the Flask object it is around', async () => {
    const text =
      'from flask import Flask\nfrom werkzeug.middleware.dispatcher import DispatcherMiddleware\napp = Flask("a")\napplication = DispatcherMiddleware(app, {})\n';
    const { callables } = await detect(await project({ 'wsgi.py': text }));
    expect(callables.map(({ value, framework }) => `${framework} ${value}`)).toEqual([
      'flask wsgi:application',
      'flask wsgi:app',
    ]);
  });
});

describe('what cannot be served is refused with the way out', () => {
  test.each<[string, string, RegExp, RegExp]>([
    [
      'FastAPI',
      'from fastapi import FastAPI\napp = FastAPI()\n',
      /s1\.py:2: app is made by fastapi\.FastAPI/,
      /uvicorn.*a2wsgi/,
    ],
    [
      'Starlette',
      'from starlette.applications import Starlette\napp = Starlette()\n',
      /asynchronous/,
      /ASGIMiddleware\(app\)/,
    ],
    ['Quart', 'from quart import Quart\napp = Quart("a")\n', /asynchronous/, /from s1 import app/],
    [
      'aiohttp',
      'from aiohttp import web\napp = web.Application()\n',
      /asynchronous/,
      /server of its own kind/,
    ],
    [
      'a factory for Paste',
      'from pyramid.config import Configurator\ndef main(global_config, **settings):\n    config = Configurator()\n    return config.make_wsgi_app()\n',
      /s1\.py:2: main\(global_config, …\) is a factory for Paste/,
      /get_app/,
    ],
    [
      'routes of bottle itself',
      'from bottle import route, run\n@route("/")\ndef hi(): return "x"\nrun()\n',
      /s1\.py:2: these routes belong to bottle's default application/,
      /application = bottle\.default_app\(\)/,
    ],
  ])('%s', async (_, text, excerpt, hint) => {
    const error = await failure(async () => loadProject({ dir: await project({ 's1.py': text }), env: {} }));
    expect(error.code).toBe('DK_DETECT_CALLABLE');
    expect(error.details.excerpt).toMatch(excerpt);
    expect(error.details.hint).toMatch(hint);
  });

  test('also when it is named', async () => {
    const dir = await project({
      's1.py': 'from fastapi import FastAPI\napp = FastAPI()\n',
      'deploykit.toml': '[app]\nmodule = "s1:app"\n',
    });
    const error = await failure(() => loadProject({ dir, env: {} }));
    expect(error).toMatchObject({ code: 'DK_DETECT_CALLABLE' });
    expect(error.details.hint).toContain('a2wsgi');
  });
});
