import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DRIVERS } from '../../../src/project/gevent/drivers.js';
import { geventFindings, geventSentence } from '../../../src/project/gevent/findings.js';
import { usesIn } from '../../../src/project/gevent/scan-code.js';
import { loadProject } from '../../../src/project/load.js';
import { project } from '../fixtures.js';

const APP = 'from flask import Flask\napp = Flask(__name__)\n';

async function findings(files: Record<string, string>) {
  const dir = await project({ 'app.py': APP, 'requirements.txt': 'flask\n', ...files });
  const loaded = await loadProject({ dir, env: {} });
  return geventFindings(loaded.project);
}

async function verdicts(requirements: string, files: Record<string, string> = {}): Promise<string[]> {
  const found = await findings({ ...files, 'requirements.txt': requirements });
  return found.map(({ severity, what }) => `${severity} ${what}`);
}

describe('dependencies', () => {
  test.each([
    ['psycopg2-binary==2.9.9\n', ['blocking psycopg2-binary']],
    ['psycopg[binary]>=3.2\n', ['fine psycopg']],
    ['psycopg==3.1.13\n', ['blocking psycopg 3.1.13']],
    ['psycopg==3.1.14\n', ['fine psycopg']],
    ['mysqlclient\nPyMySQL\n', ['blocking mysqlclient', 'fine pymysql']],
    ['cx_Oracle\noracledb\n', ['blocking cx-oracle', 'unknown oracledb']],
    ['numpy\nrequests\neventlet\n', ['blocking eventlet', 'risk numpy', 'fine requests']],
    ['some-pure-thing\n', []],
  ])('%j', async (text, expected) => {
    expect(await verdicts(text)).toEqual(expected);
  });

  test.each([
    [
      'psycopg2\npsycogreen\n',
      'from psycogreen.gevent import patch_psycopg\npatch_psycopg()\n',
      'fine psycopg2',
    ],
    ['psycopg2\npsycogreen\n', '# from psycogreen.gevent import patch_psycopg\n', 'blocking psycopg2'],
    ['grpcio\n', 'import grpc.experimental.gevent as g\ng.init_gevent()\n', 'fine grpcio'],
    ['pyzmq\n', 'import zmq.green as zmq\n', 'fine pyzmq'],
    ['pyzmq\n', 'import zmq\n', 'blocking pyzmq'],
  ])('%j with code %j', async (text, code, expected) => {
    expect(await verdicts(text, { 'db.py': code })).toContain(expected);
  });

  test('a gevent that is too old for the Python', async () => {
    expect(await verdicts('gevent==22.10.2\n', { '.python-version': '3.12\n' })).toEqual([
      'blocking gevent 22.10.2',
    ]);
    expect(await verdicts('gevent==25.9.1\n', { '.python-version': '3.12\n' })).toEqual([]);
  });

  test('compiled and not known: from the wheels of a lock', async () => {
    const lock = `lock-version = "1.0"
[[packages]]
name = "fastdb"
version = "1"
wheels = [{ name = "fastdb-1-cp311-cp311-manylinux_2_17_x86_64.whl", hashes = { sha256 = "aa" } }]
[[packages]]
name = "pure"
version = "1"
wheels = [{ name = "pure-1-py3-none-any.whl", hashes = { sha256 = "bb" } }]
`;
    const found = await findings({ 'pylock.toml': lock });
    expect(found).toEqual([
      expect.objectContaining({ severity: 'unknown', what: 'fastdb', file: 'pylock.toml' }),
    ]);
  });

  test('no distribution stands in the table twice, and what can be mended says how', () => {
    const names = DRIVERS.flatMap((driver) => driver.names);
    expect(new Set(names).size).toBe(names.length);
    for (const { severity, fix, names: own } of DRIVERS) {
      if (severity !== 'fine') expect(fix, own[0]).not.toBeNull();
    }
  });
});

describe('the project’s own code', () => {
  const code = `import asyncio, ctypes, flask
import multiprocessing as mp
from signal import signal, SIGTERM
from asgiref.sync import async_to_sync
from concurrent import futures
import sqlite3

libc = ctypes.CDLL(None)

@app.route("/")
async def view():
    return "x"

def work():
    asyncio.run(main())
    mp.Process(target=print).start()
    signal(SIGTERM, print)
    async_to_sync(main)()
    futures.ProcessPoolExecutor()
`;
  test('hazards with file and line, worst first', async () => {
    const found = await findings({ 'shop/views.py': code, 'shop/__init__.py': '' });
    expect(found.map(({ severity, what, line }) => `${severity} ${what} ${line}`)).toEqual([
      'blocking ctypes.CDLL 8',
      'blocking async def 10',
      'blocking asyncio.run 15',
      'blocking asgiref.sync.async_to_sync 18',
      'risk sqlite3 6',
      'risk multiprocessing.Process 16',
      'risk signal.signal 17',
      'risk concurrent.futures.ProcessPoolExecutor 19',
    ]);
    const [first] = found;
    expect(first && geventSentence(first)).toBe(
      'ctypes.CDLL (shop/views.py:8): a function of a C library that waits holds every request of the process',
    );
  });

  test('names of the project’s own, comments and tests are not hazards', async () => {
    const found = await findings({
      'a.py':
        'def run(): pass\nrun()\n# asyncio.run(x)\nclass signal:\n  def signal(self): pass\nsignal().signal()\n',
      'tests/test_a.py': 'import asyncio\nasyncio.run(x())\n',
    });
    expect(found).toEqual([]);
  });

  test('any text is read', async () => {
    const pieces = fc.constantFrom(
      'import ',
      'asyncio',
      '.run(',
      ')',
      '\n',
      'async def f(): ',
      '@a.route\n',
      '"',
      '(',
      ' as x',
      'é',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { maxLength: 30 }), async (parts) => {
        const text = parts.join('');
        for (const { line } of await usesIn(text)) expect(line).toBeLessThanOrEqual(text.split('\n').length);
      }),
    );
  });
});
