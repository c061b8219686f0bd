// `npm run demo`: the tutorial's application, one process, first sync, then with --async 100; both benched, side by
// side. Sets up what it needs inside the project, leaves nothing running.
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build, installDependencies, ROOT } from '../test/setup.mjs';

const STAND_IN = 'deploykit/el9-like:9';
const { values: flags } = parseArgs({
  options: { target: { type: 'string' }, json: { type: 'boolean', default: false } },
});
const say = (text) => process.stderr.write(`${text}\n`);

installDependencies();
build();
const { comparisonText } = await import('../dist/report/comparison-text.js');
const project = mkdtempSync(path.join(os.tmpdir(), 'deploykit-demo-'));
for (const name of ['s1.py', 'requirements.txt'])
  cpSync(path.join(ROOT, 'deploy/tutorial', name), path.join(project, name));

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
  const rows = data.runs.map((run) => ({ label: run.topology, ...run }));
  const document = { schemaVersion: 1, command: 'demo', ok: true, data, warnings: [] };
  process.stdout.write(
    flags.json
      ? `${JSON.stringify(document, null, 2)}\n`
      : `\n${comparisonText(rows, { color: Boolean(process.stdout.isTTY) && !process.env.NO_COLOR })}\n`,
  );
} catch (error) {
  say(`demo: ${error.message}`);
  process.exitCode = interrupted || 1;
} finally {
  rmSync(project, { recursive: true, force: true });
}

async function demo() {
  await deploykit(['init', '--name', `demo-${process.pid}`]);
  const { target, args, why } = await chooseTarget();
  say(`\ntarget ${target}: ${why}`);
  const runs = [];
  try {
    for (const shape of [[], ['--async', '100']]) {
      const up = await deploykit(['up', '-t', target, ...args, '--processes', '1', '--port', '0', ...shape]);
      if (!up.ok) throw new Error(`${up.error.code}: ${up.error.message}`);
      const bench = await deploykit(['bench', '-t', target, '-n', '10', '-c', '5']);
      if (!bench.data) throw new Error(`${bench.error.code}: ${bench.error.message}`);
      runs.push(row(bench.data));
    }
  } finally {
    await deploykit(['down', '-t', target, '--purge']);
  }
  return { target, why, runs };
}

function row({ claim, throughput, wave }) {
  const { topology, processes, slots } = claim;
  const { requestsPerSecond, ideal, abWouldPrint } = throughput;
  const { sent, waves, verdict } = wave;
  return {
    topology,
    processes,
    slots,
    requestsPerSecond,
    ideal,
    abWouldPrint,
    wave: { sent, waves, verdict },
  };
}

// An engine that answers and a base that is there or can be pulled, else this machine.
async function chooseTarget() {
  if (flags.target === 'process') return { target: 'process', args: [], why: 'asked for' };
  const attempts = [
    {
      args: ['--base', STAND_IN],
      why: `an engine answers and has ${STAND_IN}, the stand-in for CentOS Stream 9`,
    },
    { args: [], why: 'an engine answers and the real base image is there or can be pulled' },
  ];
  let last;
  for (const { args, why } of attempts) {
    const local = args.length === 0 || (await hasImage(STAND_IN));
    if (!local) continue;
    const up = await deploykit(['up', '-t', 'docker', ...args, '--processes', '1', '--port', '0']);
    if (up.ok) return { target: 'docker', args, why };
    last = up.error;
    if (last.code !== 'DK_BASE_MISSING' && last.code !== 'DK_ENGINE_MISSING')
      throw new Error(`${last.code}: ${last.message}`);
  }
  if (flags.target === 'docker') throw new Error(`${last.code}: ${last.message}`);
  return { target: 'process', args: [], why: last.message };
}

async function hasImage(name) {
  const { connectEngine } = await import('../dist/targets/docker/engine.js');
  const { imageId } = await import('../dist/targets/docker/base-image.js');
  try {
    const { docker } = await connectEngine(undefined);
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
