// How fast and how exact is deploykit's load engine? Beside wrk, on the same core, against the same servers.
// `npm run bench:engine [-- --json]`. Ratios are printed, never asserted: the machine decides. Then the memory of a
// million requests, which depends on the program alone.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CLIENT_CORE, generators } from './generators.mjs';
import { cpuMs, withNginx, withSlowServer } from './servers.mjs';

const ROUNDS = 5;
const SECONDS = 4;

await requireTools(['nginx', 'wrk', 'taskset', 'pgrep']);
const kept = { connections: 64, keepAlive: true, seconds: SECONDS };
const closing = { ...kept, keepAlive: false };
const result = {
  kept: await withNginx((server) => rounds(['wrk', 'engine'], { ...kept, ...server })),
  closing: await withNginx((server) => rounds(['wrk', 'engine', 'bare'], { ...closing, ...server })),
  fixedLatency: await withSlowServer(20, (server) =>
    rounds(['wrk', 'engine'], { ...kept, connections: 8, ...server }),
  ),
  million: await withNginx(({ port }) =>
    generators.engine({ port, connections: 64, keepAlive: true, requests: 1_000_000 }),
  ),
};
if (process.argv.includes('--json')) print(JSON.stringify(result, null, 2));
else report(result);

/** All generators in turn; the order changes, so that a drift of the machine hits each of them. */
async function rounds(names, load) {
  const runs = [];
  for (let i = 0; i < ROUNDS; i++) {
    const round = {};
    for (const at of names.keys()) {
      const name = names[(at + i) % names.length];
      round[name] = await watched(load.pid, () => generators[name](load));
    }
    runs.push(round);
  }
  const summary = Object.fromEntries(names.map((name) => [name, medians(runs.map((round) => round[name]))]));
  const ratios = runs.map(({ wrk, engine }) => engine.rate / wrk.rate);
  return { ...summary, ratio: median(ratios), ratios, runs };
}

/** Adds the share of its core that the server used meanwhile: near 1 the server is the limit, not the generator. */
async function watched(pid, use) {
  const [began, before] = [performance.now(), await cpuMs(pid)];
  const run = await use();
  return { ...run, serverBusy: ((await cpuMs(pid)) - before) / (performance.now() - began) };
}

function medians(runs) {
  const names = ['rate', 'cpuUs', 'serverBusy'];
  return Object.fromEntries(names.map((name) => [name, median(runs.map((run) => run[name]))]));
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

function report({ kept, closing, fixedLatency, million }) {
  print(`on core ${CLIENT_CORE}, medians of ${ROUNDS} rounds of ${SECONDS} s; the server on core 0`);
  table('nginx, 200 bytes, 64 kept connections', kept);
  table('the same, a new connection each', closing);
  table('20 ms server, 8 kept connections', fixedLatency);
  print(`1,000,000 requests: peak memory ${million.peakMiB.toFixed(0)} MiB, the whole process`);
}

function table(title, { ratio, ratios, wrk, engine, bare }) {
  const spread = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`;
  print(`\n${title}: engine/wrk ${ratio.toFixed(3)} (${spread}); a CPU second: ${cpuRatio(engine, wrk)}`);
  row('wrk -t1', wrk);
  row('engine, 1 thread', engine);
  if (!bare) return;
  row('node:net, a bare loop', bare);
  print(`  what node:net itself allows a CPU second: ${cpuRatio(bare, wrk)} of wrk`);
}

function cpuRatio(one, other) {
  return (other.cpuUs / one.cpuUs).toFixed(2);
}

function row(name, { rate, cpuUs, serverBusy }) {
  const perSecond = Math.round(rate).toLocaleString('en-US').padStart(8);
  const cost = cpuUs.toFixed(1).padStart(6);
  const server = `${Math.round(100 * serverBusy)} %`.padStart(5);
  print(`  ${name.padEnd(22)} ${perSecond} requests/s  ${cost} µs CPU a request  server's core ${server}`);
}

async function requireTools(names) {
  const found = await Promise.all(
    names.map((name) =>
      promisify(execFile)('sh', ['-c', 'command -v "$0"', name]).then(
        () => true,
        () => false,
      ),
    ),
  );
  const missing = names.filter((_, i) => !found[i]);
  if (missing.length === 0) return;
  process.stderr.write(
    `missing: ${missing.join(', ')}\n  apt-get install -y nginx-light wrk util-linux procps\n`,
  );
  process.exit(3);
}

function print(text) {
  process.stdout.write(`${text}\n`);
}
