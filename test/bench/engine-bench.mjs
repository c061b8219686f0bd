// How fast and how exact is deploykit's load engine? Beside wrk, on the same core, against the same servers.
// `npm run bench:engine [-- --json]`. Ratios are printed, never asserted: the machine decides. Then the memory of a
// million requests, which depends on the program alone.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect, createServer as createTcp } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SELF = fileURLToPath(import.meta.url);
const ROUNDS = 3;
const SECONDS = 4;
const SERVER_CORE = '0';
const CLIENT_CORE = String(Math.min(1, availableParallelism() - 1));

if (process.argv[2] === '--engine') await engine(JSON.parse(process.argv[3]));
else await main();

async function main() {
  await requireTools(['nginx', 'wrk', 'taskset']);
  const saturated = await withNginx((port) => rounds({ port, connections: 64, keepAlive: true }));
  const closing = await withNginx((port) => rounds({ port, connections: 64, keepAlive: false }));
  const slow = await withSlowServer(20, (port) => rounds({ port, connections: 8, keepAlive: true }));
  const memory = await withNginx((port) =>
    runEngine({ port, connections: 64, keepAlive: true, requests: 1_000_000 }),
  );
  const result = {
    saturated: compare(saturated),
    closing: compare(closing),
    fixedLatency: compare(slow),
    million: { requestsPerSecond: memory.rate, peakMiB: memory.peakMiB },
  };
  if (process.argv.includes('--json')) return print(JSON.stringify(result, null, 2));
  print(`requests/s on core ${CLIENT_CORE}, median of ${ROUNDS} runs of ${SECONDS} s`);
  print(line('nginx, 200 bytes, 64 connections', result.saturated));
  print(line('the same, a new connection each', result.closing));
  print(line('20 ms server, 8 connections', result.fixedLatency));
  print(`1,000,000 requests: peak memory ${memory.peakMiB.toFixed(0)} MiB, the whole process`);
}

/** Runs both generators in turn; the order changes, so that a drift of the machine hits both. */
async function rounds(load) {
  const runs = { wrk: [], engine: [] };
  for (let i = 0; i < ROUNDS; i++) {
    const order = i % 2 === 0 ? ['wrk', 'engine'] : ['engine', 'wrk'];
    for (const name of order)
      runs[name].push(name === 'wrk' ? await runWrk(load) : (await runEngine(load)).rate);
  }
  return runs;
}

async function runWrk({ port, connections, keepAlive }) {
  const close = keepAlive ? [] : ['-H', 'Connection: close'];
  const load = ['-t1', `-c${connections}`, `-d${SECONDS}s`, ...close, `http://127.0.0.1:${port}/`];
  const { stdout } = await run('taskset', ['-c', CLIENT_CORE, 'wrk', ...load]);
  if (/Socket errors|Non-2xx/.test(stdout)) throw new Error(`wrk met errors:\n${stdout}`);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]);
}

async function runEngine(load) {
  const argv = ['-c', CLIENT_CORE, process.execPath, SELF, '--engine', JSON.stringify(load)];
  const { stdout } = await run('taskset', argv);
  return JSON.parse(stdout);
}

/** The measured side of runEngine: a process of its own, so that it can be pinned to a core. */
async function engine({ port, connections, keepAlive, requests = null }) {
  const { runLoad } = await import('../../dist/bench/run-load.js');
  const endpoint = { host: '127.0.0.1', port, hostHeader: 'localhost', route: { kind: 'direct', note: '' } };
  const result = await runLoad({
    endpoint,
    path: '/',
    method: 'GET',
    headers: {},
    mode: 'closed',
    requests,
    concurrency: connections,
    durationMs: requests === null ? SECONDS * 1000 : null,
    timeoutMs: 5_000,
    keepAlive,
  });
  if (result.ok !== result.sent) throw new Error(`the engine met errors: ${JSON.stringify(result.errors)}`);
  const peakMiB = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(JSON.stringify({ rate: result.requestsPerSecond, peakMiB }));
}

async function withNginx(use) {
  const folder = await mkdtemp(join(tmpdir(), 'deploykit-nginx-'));
  const port = await freePort();
  await writeFile(join(folder, 'nginx.conf'), nginxConf(folder, port));
  const argv = [
    '-c',
    SERVER_CORE,
    'nginx',
    '-p',
    folder,
    '-e',
    join(folder, 'error.log'),
    '-c',
    join(folder, 'nginx.conf'),
  ];
  const nginx = spawn('taskset', argv, { stdio: ['ignore', 'inherit', 'inherit'] });
  const ended = once(nginx, 'exit');
  try {
    await untilListening(port);
    return await use(port);
  } finally {
    nginx.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true });
  }
}

function nginxConf(folder, port) {
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  return `daemon off; worker_processes 1; pid ${folder}/pid;
events { worker_connections 1024; }
http {
  access_log off; keepalive_requests 100000000; ${temp.join(' ')}
  server { listen 127.0.0.1:${port}; location / { default_type text/plain; return 200 "${'x'.repeat(200)}"; } }
}
`;
}

async function withSlowServer(delayMs, use) {
  const server = createServer((_, response) => setTimeout(() => response.end('ok'), delayMs));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await use(server.address().port);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function freePort() {
  const server = createTcp().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function untilListening(port) {
  const deadline = performance.now() + 5_000;
  while (performance.now() < deadline) {
    const socket = connect(port, '127.0.0.1');
    const up = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (up) return;
    await sleep(20);
  }
  throw new Error('nginx did not start within 5 s');
}

async function requireTools(names) {
  const found = await Promise.all(
    names.map((name) =>
      run('sh', ['-c', 'command -v "$0"', name]).then(
        () => true,
        () => false,
      ),
    ),
  );
  const missing = names.filter((_, i) => !found[i]);
  if (missing.length === 0) return;
  process.stderr.write(`missing: ${missing.join(', ')}\n  apt-get install -y nginx-light wrk util-linux\n`);
  process.exit(3);
}

function compare(runs) {
  const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
  const [wrk, own] = [median(runs.wrk), median(runs.engine)];
  return { wrk, engine: own, ratio: own / wrk, runs };
}

function line(what, { wrk, engine: own, ratio }) {
  const rate = (value) => Math.round(value).toLocaleString('en-US').padStart(8);
  return `${what.padEnd(34)} wrk ${rate(wrk)}   engine ${rate(own)}   engine/wrk ${ratio.toFixed(3)}`;
}

function print(text) {
  process.stdout.write(`${text}\n`);
}
