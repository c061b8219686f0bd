// `npm run demo`: the tutorial's application, one process, as sync, with 100 threads and with 100 greenlets, measured
// alike and in turn, side by side. Sets up what it needs inside the project, leaves nothing running. With --quick its
// handler sleeps 0.1 s instead of 1 s.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build, installDependencies, ROOT } from '../test/setup.mjs';

const STAND_IN = 'deploykit/el9-like:9';
const SHAPE = ['--processes', '1', '--async', '100', '--port', '0'];
const { values: flags } = parseArgs({
  options: {
    target: { type: 'string' },
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
  },
});
const say = (text) => process.stderr.write(`${text}\n`);

installDependencies();
build();
const { sidesText } = await import('../dist/report/sides-text.js');
const project = mkdtempSync(path.join(os.tmpdir(), 'deploykit-demo-'));
for (const name of ['s1.py', 'requirements.txt']) {
  const text = readFileSync(path.join(ROOT, 'deploy/tutorial', name), 'utf8');
  const own = flags.quick ? text.replace('time.sleep(1)', 'time.sleep(0.1)') : text;
  writeFileSync(path.join(project, name), own);
}

let running;
let interrupted = 0;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    interrupted = signal === 'SIGINT' ? 130 : 143;
    running?.kill(signal);
  });
}

try {
  const data = await demo();
  const document = { schemaVersion: 1, command: 'demo', ok: true, data, warnings: [] };
  const color = Boolean(process.stdout.isTTY) && !process.env.NO_COLOR;
  const page = (width) => sidesText(data.sides, data.comparisons, { color, width });
  process.stdout.write(
    flags.json ? `${JSON.stringify(document, null, 2)}\n` : `\n${page(process.stdout.columns ?? 80)}\n`,
  );
} catch (error) {
  say(`demo: ${error.message}`);
  process.exitCode = interrupted || 1;
} finally {
  rmSync(project, { recursive: true, force: true });
}

async function demo() {
  await deploykit(['init', '--name', `demo-${process.pid}`]);
  const { target, why } = await start();
  say(`\ntarget ${target}: ${why}`);
  try {
    // Whatever the verdict of a comparison: here the numbers are the answer.
    const { data, error } = await deploykit(['bench', '-n', '10', '-c', '5', '--vs', 'sync,threads']);
    if (!data?.sides) throw failed(error);
    return { target, why, sides: data.sides, comparisons: data.comparisons };
  } finally {
    await deploykit(['down', '--purge']);
  }
}

// On an engine that answers, with a base that is there or can be pulled, else on this machine.
async function start() {
  const stand = `an engine answers and has ${STAND_IN}, the stand-in for CentOS Stream 9`;
  const real = 'an engine answers and the real base image is there or can be pulled';
  let last;
  for (const [args, why] of [
    [['--base', STAND_IN], stand],
    [[], real],
  ]) {
    if (flags.target === 'process' || (args.length > 0 && !(await hasImage(STAND_IN)))) continue;
    const up = await deploykit(['up', '-t', 'docker', ...args, ...SHAPE]);
    if (up.ok) return { target: 'docker', why };
    last = up.error;
    if (last.code !== 'DK_BASE_MISSING' && last.code !== 'DK_ENGINE_MISSING') throw failed(last);
  }
  if (flags.target === 'docker') throw failed(last);
  const up = await deploykit(['up', '-t', 'process', ...SHAPE]);
  if (!up.ok) throw failed(up.error);
  return { target: 'process', why: last?.message ?? 'asked for' };
}

function failed({ code, message }) {
  return new Error(`${code}: ${message}`);
}

async function hasImage(name) {
  const { connectEngine } = await import('../dist/targets/docker/engine.js');
  const { imageId } = await import('../dist/targets/docker/base-image.js');
  try {
    const { docker } = await connectEngine({});
    return (await imageId(docker, name)) !== null;
  } catch (error) {
    if (error.code === 'DK_ENGINE_MISSING') return false;
    throw error;
  }
}

// As a user would run it; its progress goes to stderr, its one JSON document is the result.
async function deploykit(args) {
  if (interrupted) throw new Error('interrupted');
  say(`\n$ deploykit ${args.join(' ')}`);
  const argv = [path.join(ROOT, 'dist/cli.js'), ...args, '--json', '-v', '-C', project];
  const env = { ...process.env, DEPLOYKIT_CACHE: process.env.DEPLOYKIT_CACHE ?? path.join(ROOT, '.cache') };
  running = spawn(process.execPath, argv, {
    stdio: ['ignore', 'pipe', flags.json ? 'ignore' : 'inherit'],
    env,
  });
  let text = '';
  for await (const chunk of running.stdout) text += chunk;
  return JSON.parse(text);
}
