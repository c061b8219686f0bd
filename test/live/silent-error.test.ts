import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cli } from '../helpers/cli.js';
import { describeWith } from '../helpers/rigs.js';
import { tempProject } from '../helpers/temp.js';

const SETTINGS = `SECRET_KEY = "x"
DEBUG = False
ALLOWED_HOSTS = ["shop.example.org"]
ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
`;
const URLS = `from django.urls import path

def home(request):
    return {}["stock"]

urlpatterns = [path("", home)]
`;
const WSGI = `import os
from django.core.wsgi import get_wsgi_application
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
application = get_wsgi_application()
`;
const DJANGO = {
  'requirements.txt': 'Django==5.2.8\n',
  'shop/__init__.py': '',
  'shop/settings.py': SETTINGS,
  'shop/urls.py': URLS,
  'shop/wsgi.py': WSGI,
};

describeWith('process', 'an application that logs no traceback', () => {
  const dir = tempProject(DJANGO, { keep: true });
  afterAll(() => cli(['down', '-t', 'process', '--purge'], { cwd: dir }));

  it('Django with DEBUG off answers 500: up shows the exception, and how to have it in the log', async () => {
    const { json, stderr } = await cli(['up', '-t', 'process', '--port', '0', '--json'], { cwd: dir });
    expect(json.error, stderr).toMatchObject({
      code: 'DK_APP_UNHEALTHY',
      message: 'the server is up, but / answers 500',
      hint: expect.stringMatching(/LOGGING = \{"version": 1/),
    });
    expect(json.error.excerpt).toMatch(
      /^Traceback[\s\S]+shop\/urls\.py", line 4, in home[\s\S]+KeyError: 'stock'$/,
    );
  });
});

describe('verify.py asks an application for what it keeps to itself', () => {
  const VERIFY = path.resolve('templates/python/verify.py');
  const ask = (source: string): string => {
    const dir = tempProject({ 's1.py': source });
    const argv = [VERIFY, 's1:app', '/x?y=1', 'shop.example.org'];
    const { stdout } = spawnSync('python3', argv, { cwd: dir, encoding: 'utf8' });
    return stdout;
  };
  const app = (body: string): string =>
    `import logging\ndef app(environ, start_response):\n    print("noise")\n${body.replace(/^/gm, '    ')}\n`;

  it.each([
    ['an exception that is raised', 'raise ValueError(environ["HTTP_HOST"])', 'ValueError: shop.example.org'],
    [
      'an exception that goes to a logger nobody reads',
      'logging.getLogger("a").propagate = False\ntry:\n    1 / 0\nexcept ZeroDivisionError:\n    logging.getLogger("a").exception("x")\nstart_response("500 X", [])\nreturn []',
      'ZeroDivisionError: division by zero',
    ],
    ['one while the body is written', 'return (1 // n for n in (1, 0))', 'ZeroDivisionError'],
  ])('%s', (_, body, expected) => {
    const printed = ask(app(body));
    expect(printed).toMatch(/^Traceback/);
    expect(printed).toContain(expected);
    expect(printed).not.toContain('noise');
  });

  it('nothing where it answers, and nothing where it cannot be asked', () => {
    expect(ask(app('start_response("503 Down", [])\nreturn [b"maintenance"]'))).toBe('');
    expect(ask('import uwsgi\n')).toBe('');
  });
});
