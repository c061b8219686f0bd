import { describe, expect, test } from 'vitest';
import { loadProject } from '../../../src/project/load.js';
import { DJANGO, project } from '../fixtures.js';

const BASE = 'from pathlib import Path\nBASE_DIR = Path(__file__).resolve().parent.parent\n';

async function load(settings: string, files: Record<string, string> = {}) {
  const dir = await project({
    ...DJANGO,
    'requirements.txt': 'django\n',
    'mysite/settings.py': settings,
    ...files,
  });
  const { project: loaded, origins, warnings } = await loadProject({ dir, env: {} });
  return { host: loaded.app.host, static: loaded.server.static, origins, warnings };
}

describe('the host a health check sends', () => {
  test.each([
    ['a list', "ALLOWED_HOSTS = ['shop.example', 'www.shop.example']\nDEBUG = False\n", 'shop.example'],
    ['a domain', "ALLOWED_HOSTS = ('.shop.example',)\n", 'shop.example'],
    ['anything', "ALLOWED_HOSTS = ['*']\n", 'localhost'],
    ['localhost among others', "ALLOWED_HOSTS = ['shop.example', 'localhost']\n", 'localhost'],
    ['the last assignment', "ALLOWED_HOSTS = []\nALLOWED_HOSTS = ['b.example']\n", 'b.example'],
    ['code', "ALLOWED_HOSTS = os.environ['HOSTS'].split(',')\n", 'localhost'],
    ['partly code', 'ALLOWED_HOSTS = ["a.example", HOST]\n', 'localhost'],
  ])('%s', async (_, settings, host) => {
    expect((await load(settings)).host).toBe(host);
  });

  test('comes with its evidence', async () => {
    const { origins } = await load("\nALLOWED_HOSTS = ['a.example']\n");
    expect(origins['app.host']).toEqual({
      kind: 'detection',
      detail: 'mysite/settings.py:2: ALLOWED_HOSTS accepts it',
    });
  });

  test('what the user writes goes before it', async () => {
    const files = { 'deploykit.toml': '[app]\nhost = "mine.example"\n' };
    expect((await load("ALLOWED_HOSTS = ['a.example']\n", files)).host).toBe('mine.example');
  });

  test('settings in a package, through star imports, named by the environment', async () => {
    const files = {
      'mysite/conf/__init__.py': '',
      'mysite/conf/base.py': "ALLOWED_HOSTS = ['base.example']\n",
      'mysite/conf/production.py': 'from .base import *\nDEBUG = False\n',
      'deploykit.toml': '[app]\nenv = { DJANGO_SETTINGS_MODULE = "mysite.conf.production" }\n',
    };
    expect((await load('ALLOWED_HOSTS = []\n', files)).host).toBe('base.example');
  });

  test('none at all with DEBUG off is warned about', async () => {
    expect((await load('DEBUG = False\nALLOWED_HOSTS = []\n')).warnings).toEqual([
      'mysite/settings.py:2: ALLOWED_HOSTS is empty and DEBUG is off: Django answers every request with 400',
    ]);
  });
});

describe('collected static files', () => {
  const there = { 'static root/x.css': '' };
  test.each([
    ['pathlib', `${BASE}STATIC_URL = 'static/'\nSTATIC_ROOT = BASE_DIR / 'static root'\n`],
    [
      'parents',
      'BASE_DIR = Path(__file__).parents[1]\nSTATIC_URL = "/static/"\nSTATIC_ROOT = str(BASE_DIR / "static root")\n',
    ],
    [
      'os.path',
      'BASE_DIR = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))\nSTATIC_URL = "/static/"\nSTATIC_ROOT = os.path.join(BASE_DIR, "static root")\n',
    ],
  ])('are served by uWSGI: %s', async (_, settings) => {
    const loaded = await load(settings, there);
    expect(loaded.static).toEqual({ '/static': 'static root' });
    expect(loaded.origins['server.static']?.detail).toContain('STATIC_ROOT, as STATIC_URL');
  });

  const settings = `${BASE}STATIC_URL = 'static/'\nSTATIC_ROOT = BASE_DIR / 'static root'\n`;
  test('that are not collected yet are warned about', async () => {
    const loaded = await load(settings);
    expect(loaded.static).toEqual({});
    expect(loaded.warnings[0]).toMatch(/STATIC_ROOT is static root, which is not there/);
  });

  test.each([
    ['whitenoise serves them', { 'requirements.txt': 'django\nwhitenoise\n' }],
    ['the user says which', { 'deploykit.toml': '[server]\nstatic = { "/s" = "mysite" }\n' }],
  ])('are left alone when %s', async (_, files) => {
    expect((await load(settings, { ...there, ...files })).static).not.toHaveProperty('/static');
  });

  test.each([
    ['another host', "STATIC_URL = 'https://cdn.example/'"],
    ['outside', "STATIC_URL = 'static/'\nSTATIC_ROOT = BASE_DIR / '..' / '..' / 'x'"],
    ['code', "STATIC_URL = 'static/'\nSTATIC_ROOT = env('ROOT', 'static root')"],
  ])('%s: left to the user', async (_, lines) => {
    expect(await load(`${BASE}STATIC_ROOT = BASE_DIR / 'static root'\n${lines}\n`, there)).toMatchObject({
      static: {},
      warnings: [],
    });
  });
});
