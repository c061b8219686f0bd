import { describe, expect, test } from 'vitest';
import { detect } from '../../../src/project/detect/detect.js';
import { initProject } from '../../../src/project/init.js';
import { loadProject } from '../../../src/project/load.js';
import { failure, project } from '../fixtures.js';

const F = 'from flask import Flask\n';
const APP = `${F}app = Flask("a")\n`;
const FACTORY = `${F}def create_app():\n    return Flask("a")\n`;
const W =
  'from werkzeug.exceptions import NotFound\nfrom werkzeug.middleware.dispatcher import DispatcherMiddleware\n' +
  'from werkzeug.middleware.proxy_fix import ProxyFix\n';

/** The one that is served; null when several are equally likely or there is none. */
async function served(files: Record<string, string>): Promise<string | null> {
  const { callables } = await detect(await project(files));
  const [first, second] = callables;
  return first === undefined || first.rank === second?.rank ? null : first.value;
}

describe('the conventional name', () => {
  test.each<[string, Record<string, string>, string]>([
    [
      'application in wsgi.py, before the one for staff',
      { 'wsgi.py': `${F}admin = Flask("b")\napplication = Flask("a")\n` },
      'wsgi:application',
    ],
    [
      'application in wsgi.py, as servers look for it',
      { 'wsgi.py': `${F}app = Flask("a")\napplication = app\n` },
      'wsgi:application',
    ],
    ['app elsewhere, as Flask looks for it', { 's1.py': `${APP}application = app\n` }, 's1:app'],
    [
      'app before an extension that is made of it',
      { 's1.py': `${APP}from trace import TraceMiddleware\nmiddleware = TraceMiddleware(app)\n` },
      's1:app',
    ],
    [
      'run.py before manage.py and the worker',
      {
        'shop/__init__.py': FACTORY,
        'run.py': 'from shop import create_app\napp = create_app()\n',
        'manage.py': 'from shop import create_app\napp = create_app()\n',
        'celery_worker.py': 'from shop import create_app\napp = create_app()\n',
      },
      'run:app',
    ],
    [
      'an object that a factory made, before the factory in app/',
      { 'app/__init__.py': FACTORY, 'run.py': 'from app import create_app\napp = create_app("prod")\n' },
      'run:app',
    ],
    ['of a pair', { 's1.py': `${F}def make():\n    return 1, Flask("a")\ndb, app = make()\n` }, 's1:app'],
    ['handed on by a star import', { 'wsgi.py': 'from web import *\n', 'web.py': APP }, 'wsgi:app'],
  ])('%s', async (_, files, expected) => {
    expect(await served(files)).toBe(expected);
  });

  test('two of no convention are left to the user, with how sure each is', async () => {
    const dir = await project({ 's1.py': `${F}web = Flask("a")\nadmin = Flask("b")\n` });
    const error = await failure(() => loadProject({ dir, env: {} }));
    expect(error.code).toBe('DK_DETECT_CALLABLE');
    expect(error.details.excerpt).toBe(
      's1:admin  possible  s1.py:3  admin is made by flask.Flask\ns1:web  possible  s1.py:2  web is made by flask.Flask',
    );
  });
});

describe('the outermost', () => {
  test.each<[string, Record<string, string>, string]>([
    [
      'a dispatcher of both',
      {
        'wsgi.py': `${F}${W}app = Flask("a")\nadmin = Flask("b")\napplication = DispatcherMiddleware(app, {"/admin": admin})\n`,
      },
      'wsgi:application',
    ],
    [
      'a dispatcher that mounts all',
      { 's1.py': `${F}${W}app = Flask("a")\napplication = DispatcherMiddleware(NotFound(), {"/x": app})\n` },
      's1:application',
    ],
    [
      'a middleware of the project’s own around what a factory makes',
      {
        's1.py':
          'from shop import create_app\nfrom mw import Guard\napp = create_app()\napplication = Guard(app)\n',
        'shop/__init__.py': FACTORY,
      },
      's1:application',
    ],
    [
      'an alias, wrapped later',
      {
        's1.py': `${F}${W}app = Flask("a")\napplication = app\napplication = ProxyFix(application, x_for=1)\n`,
      },
      's1:application',
    ],
    [
      'by keyword, twice',
      {
        's1.py': `${F}${W}app = Flask("a")\napplication = ProxyFix(app=DispatcherMiddleware(None, {"/a": app}))\n`,
      },
      's1:application',
    ],
    [
      'what a call returns is called',
      { 's1.py': `${APP}import newrelic.agent\napplication = newrelic.agent.wsgi_application()(app)\n` },
      's1:application',
    ],
    [
      'a function that passes on',
      {
        's1.py': `${APP}def application(environ, start_response):\n    return app(environ, start_response)\n`,
      },
      's1:application',
    ],
    ['other names', { 's1.py': `${F}${W}flask_app = Flask("a")\nwsgi = ProxyFix(flask_app)\n` }, 's1:wsgi'],
    [
      'an application that others are set on',
      {
        's1.py': `${F}${W}app = Flask("a")\nhost = Flask("b")\nhost.wsgi_app = DispatcherMiddleware(NotFound(), {"/app": app})\n`,
      },
      's1:host',
    ],
    [
      'imported, and wrapped under the same name',
      {
        'wsgi.py': 'from web import app\nfrom whitenoise import WhiteNoise\napp = WhiteNoise(app)\n',
        'web.py': APP,
      },
      'wsgi:app',
    ],
    [
      'in another file of the same standing',
      {
        'serve.py': `${W}from front import app as front\nfrom back import app as back\napplication = DispatcherMiddleware(front, {"/api": back})\n`,
        'front.py': APP,
        'back.py': APP,
      },
      'serve:application',
    ],
    [
      'returned by a factory',
      { 's1.py': `${F}${W}def create_app():\n    app = Flask("a")\n    return ProxyFix(app)\n` },
      's1:create_app()',
    ],
    [
      'Django, wrapped, with an alias',
      {
        'manage.py': 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "d.settings")\n',
        'd/__init__.py': '',
        'd/settings.py': 'DEBUG = False\n',
        'd/wsgi.py':
          'from django.core.wsgi import get_wsgi_application\nfrom whitenoise import WhiteNoise\ninner = get_wsgi_application()\napplication = WhiteNoise(inner)\napp = application\n',
      },
      'd.wsgi:application',
    ],
  ])('%s', async (_, files, expected) => {
    expect(await served(files)).toBe(expected);
  });

  test.each<[string, Record<string, string>, string]>([
    [
      'set on the application itself: it stays the one',
      { 's1.py': `${APP}${W}app.wsgi_app = ProxyFix(app.wsgi_app)\n` },
      's1:app',
    ],
    [
      'for a purpose of its own',
      {
        's1.py': APP,
        'profile.py': 'from m import ProfilerMiddleware\nfrom s1 import app\napp = ProfilerMiddleware(app)\n',
      },
      's1:app',
    ],
    [
      'in an example',
      {
        's1.py': APP,
        'examples/web.py': `${W}from s1 import app\napplication = ProxyFix(app)\n`,
      },
      's1:app',
    ],
    [
      'an ASGI adapter, which uWSGI cannot serve',
      { 's1.py': `${APP}from asgiref.wsgi import WsgiToAsgi\napplication = WsgiToAsgi(app)\n` },
      's1:app',
    ],
  ])('not %s', async (_, files, expected) => {
    expect(await served(files)).toBe(expected);
  });

  test('says what it wraps', async () => {
    const { candidates, findings } = await initProject({
      dir: await project({
        's1.py': `${F}${W}app = Flask("a")\nadmin = Flask("b")\napplication = DispatcherMiddleware(app, {"/x": admin})\n`,
      }),
    });
    expect(findings.find(({ what }) => what === 'app.module')).toMatchObject({
      value: 's1:application',
      why: 'application is made by flask.Flask; it wraps app, admin',
      where: 's1.py:7',
    });
    expect(candidates.map(({ module }) => module)).toEqual(['s1:application', 's1:admin', 's1:app']);
  });

  test('many wrappers in a row are no burden', async () => {
    const more = '    app = ProxyFix(app)\n'.repeat(40);
    const files = { 's1.py': `${F}${W}def create_app():\n    app = Flask("a")\n${more}    return app\n` };
    expect(await served(files)).toBe('s1:create_app()');
  });
});

describe('an import is no callable of the file', () => {
  test.each([
    [
      'for type checkers only',
      'from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from web import app\n',
    ],
    ['inside a function', 'def main():\n    from web import app\n    app.run()\n'],
    ['under the main guard', 'if __name__ == "__main__":\n    from web import app\n    app.run()\n'],
  ])('%s', async (_, source) => {
    expect(await served({ 'wsgi.py': source, 'web.py': APP })).toBe('web:app');
  });
});

describe('an asynchronous application', () => {
  const mounted = {
    'main.py':
      `${F}from fastapi import FastAPI\nfrom fastapi.middleware.wsgi import WSGIMiddleware\n` +
      'old = Flask("a")\napp = FastAPI()\napp.mount("/old", WSGIMiddleware(old))\n',
  };

  test('that is likelier than what it mounts is not passed over in silence', async () => {
    const dir = await project(mounted);
    const error = await failure(() => loadProject({ dir, env: {} }));
    expect(error).toMatchObject({
      code: 'DK_DETECT_CALLABLE',
      message: expect.stringContaining('main.py:5: app is made by fastapi.FastAPI'),
    });
    expect(error.details.hint).toContain('deploykit init --module main:old');
    const { findings } = await initProject({ dir, module: 'main:old' });
    expect(findings).toContainEqual(expect.objectContaining({ what: 'app.module', value: 'main:old' }));
  });

  test('that an adapter makes of Flask under the same name is refused with the way out', async () => {
    const dir = await project({
      's1.py': `${APP}from asgiref.wsgi import WsgiToAsgi\napp = WsgiToAsgi(app)\n`,
    });
    const error = await failure(() => loadProject({ dir, env: {} }));
    expect(error.details.hint).toBe(
      'Give the WSGI application inside app a name of its own, and serve that.',
    );
  });

  test('that is made a WSGI application under the same name can be named', async () => {
    const dir = await project({
      's1.py':
        'from fastapi import FastAPI\nfrom a2wsgi import ASGIMiddleware\napp = FastAPI()\napp = ASGIMiddleware(app)\n',
    });
    const { project: loaded } = await loadProject({ dir, env: {}, overrides: { 'app.module': 's1:app' } });
    expect(loaded.app.callable).toBe('app');
  });
});
