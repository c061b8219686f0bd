// One update after another of the same application, from the same images, under the same load, by several methods, each as
// its own documentation has it. `npm run bench:updates [-- --json]`. Printed, never asserted: the machine decides.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Drill } from '../../rigs/drill/drill.mjs';
import { freePort } from '../../rigs/drill/steps.mjs';
import { build, installDependencies, ROOT } from '../../setup.mjs';
import { PlainCompose, Rollout } from './compose.mjs';
import { Deploykit } from './deploykit.mjs';
import { Kamal } from './kamal.mjs';
import { eachSecond, sh } from './sh.mjs';
import { printed } from './table.mjs';

const { values: flags } = parseArgs({
  options: {
    updates: { type: 'string', default: '5' },
    rate: { type: 'string', default: '40' },
    base: { type: 'string', default: 'deploykit/el9-like:9' },
    /** Of the method's title; default: all. */
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
  },
});
// A server that is stopped while it starts is not what is compared.
const SETTLE_MS = 5000;
const AFTER_BROKEN_MS = 5000;

installDependencies();
build();
if (!(await hasCompose())) {
  process.stderr.write('docker-compose is missing; on Debian: apt-get install docker-compose\n');
  process.exit(3);
}
const { loadDuring } = await import(path.join(ROOT, 'dist/bench/drill/load-during.js'));
const name = `versus-${process.pid}`;
const port = await freePort();
const updates = Number(flags.updates);
const drill = new Drill({
  where: ['-t', 'docker'],
  up: ['--base', flags.base, '--port', String(port), '--async', '50'],
  name,
  config: () => `name = "${name}"
[app]
module = "s1:app"
health = "/up"
[server]
processes = 2
[front]
kind = "nginx"
[target.docker]
kind = "docker"
keep = ${updates + 1}
`,
});
const folder = mkdtempSync(path.join(os.tmpdir(), 'deploykit-versus-'));
const deploykit = new Deploykit(drill, updates);

try {
  const place = { name, port, folder, image: await deploykit.build() };
  const results = [];
  for (const method of [
    deploykit,
    new PlainCompose(place),
    new Rollout(place, { drain: false }),
    new Rollout(place, { drain: true }),
    new Kamal(place),
  ])
    if (method.title.includes(flags.only)) results.push(await measured(method));
  process.stdout.write(flags.json ? `${JSON.stringify({ updates, results }, null, 2)}\n` : printed(results));
} finally {
  await deploykit.clear();
  drill.close();
  rmSync(folder, { recursive: true });
}

async function measured(method) {
  process.stderr.write(`${method.title}\n`);
  try {
    await method.start(deploykit.image(0));
    if (!(await eachSecond(60, serves))) throw new Error(`${method.title} does not serve`);
    await pause(SETTLE_MS);
    const runs = [];
    for (let i = 1; i <= updates; i++) runs.push(await under(() => method.update(deploykit.image(i), i)));
    const broken = await under(() => method.update(deploykit.image('broken'), 'broken'), AFTER_BROKEN_MS);
    return { method: method.title, updates: runs, broken };
  } finally {
    await method.stop();
  }
}

// The load begins a second before the work, and ends one after it.
async function under(work, afterMs = 0) {
  const endpoint = {
    host: '127.0.0.1',
    port,
    hostHeader: 'localhost',
    route: { kind: 'published-port', note: '' },
  };
  const target = { endpoint, path: '/', method: 'GET', headers: {}, timeoutMs: 60_000 };
  const load = { target, rate: Number(flags.rate), keepAlive: false, marginMs: 1000 };
  const { count, outcome } = await loadDuring(load, async () => {
    const began = performance.now();
    const done = await work();
    const seconds = (performance.now() - began) / 1000;
    await pause(afterMs);
    return { done, seconds };
  });
  if ('error' in outcome) throw outcome.error;
  process.stderr.write(`${JSON.stringify({ ...count, ...outcome.value })}\n`);
  return { ...count, ...outcome.value };
}

async function serves() {
  try {
    return (await fetch(`http://127.0.0.1:${port}/up`)).ok ? true : null;
  } catch {
    return null; // nobody listens yet
  }
}

async function hasCompose() {
  const folders = (process.env['PATH'] ?? '').split(':');
  return (
    folders.some((folder) => existsSync(path.join(folder, 'docker-compose'))) &&
    (await sh(['docker-compose', 'version'])) !== ''
  );
}
