// One process, 100 slots, one core: what stands before the application, side by side.
// `npm run bench:topology [-- --rounds 3 --seconds 4 --json]`.
// Ratios are printed, never asserted: the machine decides. The servers in turn, several rounds, so that a drift of the
// machine hits all of them.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    /** Of a run that counts; one of half that before it warms up. */
    seconds: { type: 'string', default: '4' },
    json: { type: 'boolean', default: false },
  },
});
const [ROUNDS, SECONDS, CONNECTIONS] = [Number(flags.rounds), Number(flags.seconds), 64];
const WARM_UP_S = Math.ceil(SECONDS / 2);
const SERVER_CORE = '0';
const CLIENT_CORE = String(Math.min(1, availableParallelism() - 1));

const APP = `from flask import Flask

flask_app = Flask(__name__)


@flask_app.route("/flask")
def hello():
    return "hello\\n"


def app(environ, start_response):
    if environ["PATH_INFO"] == "/flask":
        return flask_app(environ, start_response)
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "6")])
    return [b"hello\\n"]
`;
const PATHS = { Flask: '/flask', WSGI: '/wsgi' };

const SERVERS = {
  "http= router, the tutorial's": (place) => [
    uwsgi(place, 'tutorial', [
      ...['[uwsgi]', `http = 127.0.0.1:${place.port}`, `virtualenv = ${place.venv}`, `chdir = ${place.dir}`],
      ...[
        'module = hello:app',
        'master = true',
        'processes = 1',
        'gevent = 100',
        'gevent-monkey-patch = true',
      ],
      'disable-logging = true',
    ]),
  ],
  'http-socket, as deploykit renders it': (place) => [
    uwsgi(
      place,
      'http',
      place.ini.replace(/^http-socket = .*$/m, `http-socket = 127.0.0.1:${place.port}`).split('\n'),
    ),
  ],
  'nginx + uwsgi-socket, as deploykit renders them': (place) => [
    uwsgi(
      place,
      'front',
      place.ini
        .replace(/^http-socket = .*$/m, `uwsgi-socket = ${place.dir}/app.sock\nchmod-socket = 666`)
        .split('\n'),
    ),
    nginx(place),
  ],
  'gunicorn -k gevent': (place) => [
    [
      ...[
        `${place.venv}/bin/gunicorn`,
        '-k',
        'gevent',
        '-w',
        '1',
        '--worker-connections',
        '100',
        '--log-level',
        'error',
      ],
      ...['--chdir', place.dir, '-b', `127.0.0.1:${place.port}`, 'hello:app'],
    ],
  ],
};

await main();

async function main() {
  await requireTools({ wrk: 'wrk', nginx: 'nginx-light', taskset: 'util-linux' });
  const place = await prepare();
  try {
    const rates = Object.fromEntries(Object.keys(SERVERS).map((name) => [name, { Flask: [], WSGI: [] }]));
    for (let round = 0; round < ROUNDS; round++) {
      const names = Object.keys(SERVERS);
      for (const name of round % 2 === 0 ? names : names.reverse()) await measure(name, place, rates[name]);
    }
    report(rates);
  } finally {
    rmSync(place.dir, { recursive: true, force: true });
  }
}

/** A project with a virtual environment, made by deploykit itself; gunicorn is in it because the project asks for it. */
async function prepare() {
  const dir = mkdtempSync(path.join(tmpdir(), 'deploykit-topology-'));
  // As root, nginx gives its workers another user.
  chmodSync(dir, 0o755);
  writeFileSync(path.join(dir, 'hello.py'), APP);
  writeFileSync(path.join(dir, 'requirements.txt'), 'flask\ngevent\ngunicorn\npackaging\n');
  writeFileSync(path.join(dir, 'deploykit.toml'), 'name = "topology"\n[app]\nmodule = "hello:app"\n');
  const deploykit = (...args) =>
    run(process.execPath, [path.join(ROOT, 'dist/cli.js'), ...args], { cwd: dir });
  await deploykit('up', '-t', 'process', '--async', '100', '--processes', '1', '--port', '0');
  await deploykit('down', '-t', 'process');
  const state = path.join(dir, '.deploykit');
  const venv = path.join(
    state,
    'venvs',
    readdirSync(path.join(state, 'venvs')).find((name) => !name.includes('.')),
  );
  const ini = readFileSync(path.join(state, 'process/uwsgi.ini'), 'utf8');
  mkdirSync(path.join(state, 'process/run'), { recursive: true });
  return { dir, venv, ini, port: await freePort() };
}

function uwsgi({ dir, venv }, name, lines) {
  const file = path.join(dir, `${name}.ini`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return [path.join(venv, 'bin/uwsgi'), '--ini', file];
}

// The files of an example, which a test holds equal to what is rendered, with the places of this run in them.
function nginx({ dir, port }) {
  const from = path.join(ROOT, 'test/examples/flask-front/expected/docker');
  for (const folder of ['run', 'temp']) mkdirSync(path.join(dir, folder), { recursive: true });
  const edits = [
    [/listen 8000\b.*;/g, `listen 127.0.0.1:${port};`],
    ['/run/deploykit-front/current/1.sock', `${dir}/app.sock`],
    ['/dev/stdout', `${dir}/access.log`],
    [/worker_processes \d+/g, 'worker_processes 1'],
    ['/run/deploykit', `${dir}/run`],
    [/\/var\/cache\/deploykit/g, `${dir}/temp`],
  ];
  for (const name of ['nginx.conf', 'nginx-site.conf', 'nginx-upstream.conf']) {
    const text = edits.reduce(
      (all, [what, by]) => all.replaceAll(what, by),
      readFileSync(path.join(from, name), 'utf8'),
    );
    writeFileSync(path.join(dir, name), text);
  }
  // As the entry point of the front's container has it.
  return [
    'chrt',
    '-b',
    '0',
    'nginx',
    '-p',
    dir,
    '-e',
    path.join(dir, 'error.log'),
    '-c',
    path.join(dir, 'nginx.conf'),
  ];
}

async function measure(name, place, rates) {
  const log = [];
  const started = SERVERS[name](place).map((argv) => start(argv, log));
  try {
    await untilServing(name, place.port, log);
    for (const [kind, url] of Object.entries(PATHS)) {
      await wrk(place.port, url, WARM_UP_S);
      rates[kind].push(await wrk(place.port, url, SECONDS));
    }
  } finally {
    for (const { child, ended } of started.reverse()) {
      child.kill(child.spawnargs.includes('--ini') ? 'SIGINT' : 'SIGTERM');
      await ended;
    }
  }
}

function start(argv, log) {
  const child = spawn('taskset', ['-c', SERVER_CORE, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => log.push(text));
  return { child, ended: once(child, 'exit') };
}

// wrk counts an answer of any status: a wrong server must not pass for a fast one.
async function untilServing(name, port, log) {
  const deadline = performance.now() + 20_000;
  while (performance.now() < deadline) {
    const answers = await Promise.all(
      Object.values(PATHS).map((url) =>
        fetch(`http://127.0.0.1:${port}${url}`).then(
          async (response) => response.status === 200 && (await response.text()) === 'hello\n',
          () => false,
        ),
      ),
    );
    if (answers.every(Boolean)) return;
    await sleep(100);
  }
  const end = log.join('').trimEnd().split('\n').slice(-20).join('\n');
  throw new Error(`${name} does not serve:\n${end}`);
}

/** @returns requests/s. A server that closes after each answer, as uWSGI's http-socket does, is a read error to wrk. */
async function wrk(port, url, seconds) {
  const load = ['-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, `http://127.0.0.1:${port}${url}`];
  const { stdout } = await run('taskset', ['-c', CLIENT_CORE, 'wrk', ...load]);
  if (/Non-2xx|connect [1-9]|timeout [1-9]/.test(stdout)) throw new Error(`wrk met errors:\n${stdout}`);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]);
}

function report(rates) {
  const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
  const rows = Object.entries(rates).map(([server, runs]) => ({
    server,
    runs,
    Flask: median(runs.Flask),
    WSGI: median(runs.WSGI),
  }));
  const [base] = rows;
  for (const row of rows) row.ratio = { Flask: row.Flask / base.Flask, WSGI: row.WSGI / base.WSGI };
  if (flags.json) return print(JSON.stringify(rows, null, 2));
  print(
    `requests/s of one process with 100 slots on core ${SERVER_CORE}, all of it; wrk on core ${CLIENT_CORE}, ${CONNECTIONS} connections;`,
  );
  print(`median of ${ROUNDS} runs of ${SECONDS} s, and the ratio to the first line\n`);
  print(
    `${''.padEnd(50)}${'Flask'.padStart(8)}${'ratio'.padStart(7)}${'WSGI'.padStart(9)}${'ratio'.padStart(7)}`,
  );
  for (const { server, Flask, WSGI, ratio } of rows) {
    const rate = (value) => Math.round(value).toLocaleString('en-US');
    print(
      `${server.padEnd(50)}${rate(Flask).padStart(8)}${ratio.Flask.toFixed(2).padStart(7)}${rate(WSGI).padStart(9)}${ratio.WSGI.toFixed(2).padStart(7)}`,
    );
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function requireTools(packages) {
  const missing = [];
  for (const [tool, debian] of Object.entries(packages)) {
    await run('sh', ['-c', 'command -v "$0"', tool]).catch(() => missing.push(debian));
  }
  if (missing.length === 0) return;
  process.stderr.write(`missing:\n  apt-get install -y ${missing.join(' ')}\n`);
  process.exit(3);
}

function print(text) {
  process.stdout.write(`${text}\n`);
}
