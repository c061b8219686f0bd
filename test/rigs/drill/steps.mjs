// A verb of the command line that is watched as it goes: something is done when it has printed so many steps. What comes
// after must find everything in order.
import { execFileSync, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import path from 'node:path';
import { ROOT } from '../../setup.mjs';

/**
 * Runs a verb; `act` is called with the process when it has printed `at` steps, or one that begins so.
 * @returns its steps, exit code (null after a kill) and document.
 */
export async function watched(drill, args, at = Number.POSITIVE_INFINITY, act = () => {}) {
  const argv = [path.join(ROOT, 'dist/cli.js'), ...args, '-v', '--json', '-C', drill.project];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'pipe'], env: drill.env });
  const ended = new Promise((resolve) => child.once('close', resolve));
  let document = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    document += text;
  });
  const steps = [];
  let acted;
  let rest = '';
  for await (const chunk of child.stderr.setEncoding('utf8')) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines) if (isStep(line)) steps.push(line.trim().replace(/[0-9a-f]{12}/g, 'ID'));
    if (steps.length >= at || steps.some((step) => step.startsWith(at))) acted ??= act(child);
  }
  const exitCode = await ended;
  await acted;
  return { steps, exitCode, acted: acted !== undefined, json: document.trim() ? JSON.parse(document) : null };
}

export const kill = (child) => child.kill('SIGKILL');

// Of what a build prints, only the beginning.
function isStep(line) {
  return /^• |^ {2}(hold|create|start|wait|prove|drain|stop|remove) /.test(line);
}

/**
 * What a deployment has on its engine and should not, one a line: wanted are the front, the set that serves the release,
 * of each of at most `keep - 1` others one set that does not run, and a folder of sockets for each set.
 */
export function leftovers({ env, name }, { release, keep, replicas = 1 }) {
  const docker = (...argv) => execFileSync('docker', argv, { encoding: 'utf8', env }).trim();
  const format = '{{.Names}} {{.State}} {{.Label "dev.deploykit.set"}} {{.Label "dev.deploykit.release"}}';
  const lines = docker('ps', '-a', '--format', format, '--filter', `label=dev.deploykit.name=${name}`);
  const all = lines.split('\n').map((line) => line.split(' '));
  const front = `deploykit-${name}.front`;
  const serving = all.filter(([own, state, , of]) => own !== front && state === 'running' && of === release);
  const stopped = all.filter(([own, state, , of]) => own !== front && state === 'exited' && of !== release);
  const odd = all.filter((one) => one[0] !== front && !serving.includes(one) && !stopped.includes(one));
  const sets = new Set([...serving, ...stopped].map(([, , set]) => set));
  const others = new Map(stopped.map(([, , set, of]) => [of, set]));
  const find = [
    'find',
    '/run/deploykit-front',
    '-mindepth',
    '1',
    '-maxdepth',
    '1',
    '-type',
    'd',
    '-printf',
    '%f\n',
  ];
  const folders = docker('exec', front, ...find).split('\n');
  const wrong = [
    ...odd.map((one) => one.join(' ')),
    ...(serving.length === replicas ? [] : [`${serving.length} replicas serve`]),
    ...(others.size < keep && sets.size === others.size + 1 ? [] : [`sets kept: ${[...sets].join(' ')}`]),
    ...folders.filter((folder) => !sets.has(folder)).map((folder) => `folder ${folder}`),
  ];
  if (wrong.length > 0) process.stderr.write(`left over: ${wrong.join(', ')}\n`);
  return wrong.join('\n');
}

/** A port of 127.0.0.1 that is free now: one that must be the same after everything was started again. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
