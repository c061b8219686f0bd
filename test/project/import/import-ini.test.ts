import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildPlan } from '../../../src/plan/build-plan.js';
import { containerLayout } from '../../../src/plan/layout.js';
import { importText } from '../../../src/project/import/import-ini.js';
import { initProject } from '../../../src/project/init.js';
import { loadProject } from '../../../src/project/load.js';
import { parseIni } from '../../helpers/parse-ini.js';
import { FACTS } from '../../helpers/project.js';
import { failure, project, TUTORIAL } from '../fixtures.js';

const FOLDERS = { project: '/home/me/shop', ini: '/home/me/shop' };

function read(ini: string) {
  const { values, remarks } = importText(`[uwsgi]\n${ini}`, FOLDERS, 'uwsgi.ini');
  return {
    values: Object.fromEntries([...values].map(([key, { value }]) => [key, value])),
    remarks: remarks.map(({ option, line }) => `${option}:${line}`),
    why: remarks.map(({ why }) => why).join('\n'),
    remarked: remarks,
  };
}

describe('what an ini says becomes settings', () => {
  it.each([
    ['processes = 4', { 'server.processes': 4 }],
    ['workers = %k', { 'server.processes': 'auto' }],
    ['gevent = 100', { 'server.async': 100 }],
    ['threads = 8', { 'server.threads': 8 }],
    ['threads = 1', {}],
    ['http = :5000', { 'server.bind': '0.0.0.0', 'server.port': 5000 }],
    ['http-socket = [::1]:80', { 'server.bind': '::1', 'server.port': 80 }],
    ['module = shop.wsgi', { 'app.module': 'shop.wsgi:application' }],
    ['module = s1\ncallable = app', { 'app.module': 's1:app' }],
    ['wsgi-file = shop/wsgi.py', { 'app.module': 'shop.wsgi:application' }],
    ['mount = /=s1:app', { 'app.module': 's1:app' }],
    ['chdir = src\nwsgi-file = src/wsgi.py', { 'app.dir': 'src' }],
    ['chdir = %d/src\nwsgi-file = wsgi.py', { 'app.dir': 'src', 'app.module': 'wsgi:application' }],
    [
      'chdir = /srv/x\nstatic-map = /s=/srv/x/pub',
      { 'server.static./s': undefined, 'server.static."/s"': 'pub' },
    ],
    ['n = 3\nprocesses = %(n)', { 'server.processes': 3 }],
    ['n = 3\nn = 5\nprocesses = %(n)', { 'server.processes': 3 }],
    ['set-placeholder = n=2\nprocesses = %(n * 3)', { 'server.processes': 6 }],
    ['a = 2\nb = %(a ++)\nprocesses = %(b)', { 'server.processes': 3 }],
    ['harakiri = 60\nmax-requests = 9', { 'server.request_timeout': 60, 'server.max_requests': 9 }],
    ['env = APP_MODE=production', { 'app.env.APP_MODE': 'production' }],
    ['post-buffering = 8192', { 'server.uwsgi.post-buffering': '8192' }],
    ['cache2 = name=a\ncache2 = name=b', { 'server.uwsgi.cache2': ['name=a', 'name=b'] }],
  ])('%s', (ini, expected) => {
    expect(read(ini).values).toMatchObject(
      Object.fromEntries(Object.entries(expected).filter(([, v]) => v !== undefined)),
    );
    if (Object.keys(expected).length === 0) expect(read(ini).values).toEqual({});
  });
});

describe('what cannot be carried over is listed, with its line', () => {
  it.each([
    ['processes = 2\nthreads = 2\ngevent = 9', ['threads:3'], 'beside gevent'],
    ['gevent = 100 # greenlets', ['gevent:2'], 'reads this as 100'],
    ['daemonize = /var/log/x', ['daemonize:2'], 'supervisor'],
    ['http = :80', ['http:2'], 'router'],
    ['socket = /run/x.sock', ['socket:2'], 'IP address'],
    ['socket = 127.0.0.1:3031', ['socket:2'], 'proxy_pass'],
    ['http-timeout = 3', ['http-timeout:2'], 'router'],
    ['procces = 3', ['procces:2'], 'no such option'],
    ['processes = $(N)', ['processes:2'], 'machine'],
    ['touch-logreopen = /x', ['touch-logreopen:2'], 'old machine'],
    ['buffer-size = 99999', ['buffer-size:2'], 'buffer_size'],
    ['static-map = /s=/elsewhere', ['static-map:2'], 'outside'],
    ['wsgi-file = /elsewhere/x.py', ['wsgi-file:2'], 'project folder'],
    ['mount = /a=a:app\nmodule = s1:app', ['mount:2'], 'one callable'],
  ])('%s', (ini, remarks, why) => {
    const result = read(ini);
    expect(result.remarks).toEqual(remarks);
    expect(result.why).toContain(why);
  });

  it('and the value of a secret is not repeated', () => {
    const result = read('env = DB_PASSWORD=hunter2\nenv = DSN=postgres://u:hunter2@db/x');
    expect(result.values).toEqual({ 'app.secrets': ['DB_PASSWORD', 'DSN'] });
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });
});

it('names its own mistakes: no section, another format, no file', async () => {
  expect(() => importText('processes = 2', FOLDERS, 'x.ini')).toThrow('[uwsgi]');
  const dir = await project(TUTORIAL);
  const error = await failure(() => initProject({ dir, from: path.join(dir, 'none.ini') }));
  expect(error).toMatchObject({ code: 'DK_USAGE' });
  await expect(initProject({ dir, from: 'uwsgi.yaml' })).rejects.toMatchObject({ code: 'DK_USAGE' });
});

it('the plan of the new project file has the effective settings of the old ini', async () => {
  const dir = await project(TUTORIAL);
  const ini = `[uwsgi]
strict = true
master = true
module = s1:app
processes = 3
gevent = 50
gevent-early-monkey-patch = true
lazy-apps = true
listen = 200
http-socket = 127.0.0.1:9000
buffer-size = 8192
max-requests = 1000
post-buffering = 4096
log-x-forwarded-for = true
`;
  await writeFile(path.join(dir, 'uwsgi.ini'), ini);
  const result = await initProject({ dir, from: path.join(dir, 'uwsgi.ini') });
  expect(result.remarks).toEqual([]);
  expect(result.contents).toContain('# Found: uwsgi.ini:5\nprocesses = 3');
  const { project: loaded } = await loadProject({ dir, env: {} });
  const plan = buildPlan({
    project: loaded,
    target: { name: 'docker', kind: 'docker' },
    facts: FACTS,
    layout: containerLayout('.'),
    port: loaded.server.port,
  });
  const settings = plan.server.settings.map(([option, value]) => `${option} = ${value}`);
  expect(plan).toMatchObject({ bind: '127.0.0.1', port: 9000 });
  expect(settings).toContain('set-placeholder = recycle-after=1000');
  const other = ['http-socket', 'max-requests'];
  const same = parseIni(ini).filter(({ option }) => !other.includes(option));
  for (const { option, value } of same) expect(settings).toContain(`${option} = ${value}`);
});

it('whatever an ini holds, it is read or refused with a reason', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'module',
      'env',
      'mount',
      'static-map',
      'chdir',
      'http',
      'gevent',
      'wsgi-file',
      'set',
      '[x]',
      '%(a)',
    ),
    fc.string(),
  );
  const line = fc.tuple(piece, piece).map(([option, value]) => `${option} = ${value}`);
  fc.assert(
    fc.property(fc.array(line, { minLength: 1 }), (lines) => {
      try {
        for (const { line: at } of read(lines.join('\n')).remarked) expect(at).toBeGreaterThan(1);
      } catch (error) {
        expect(error).toMatchObject({ code: 'DK_USAGE' });
      }
    }),
    { numRuns: 2000 },
  );
});
