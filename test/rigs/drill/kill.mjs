// `npm run drill:kill`: the command line is killed at every step of an update, as it prints them, while requests keep
// coming; the next `up` must put everything right, and not one request may be lost.
import { execFileSync, spawn } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build, installDependencies, ROOT } from '../../setup.mjs';
import { versioned } from './apps.mjs';
import { Drill } from './drill.mjs';

const { values: flags } = parseArgs({
  options: {
    base: { type: 'string', default: 'deploykit/el9-like:9' },
    json: { type: 'boolean', default: false },
  },
});
const NAME = `kill-${process.pid}`;

installDependencies();
build();
const drill = new Drill({
  where: ['-t', 'docker'],
  up: ['--base', flags.base, '--port', '0', '--async', '20'],
  rate: 20,
  config: () => `name = "${NAME}"
[app]
module = "s1:app"
release_command = "true"
[server]
processes = 2
[front]
kind = "nginx"
[target.docker]
kind = "docker"
keep = 2
`,
});

try {
  const { data, error } = await drill.bringUp();
  if (error) throw new Error(`${error.message}\n${error.excerpt ?? ''}`);
  await drill.loadOn(data.endpoint);
  // Twice, so that there is a release to remove; the steps of the second are those that are killed at.
  await update(1);
  const steps = await update(2);
  for (const [i, step] of steps.entries())
    await drill.during(`${i + 1} of ${steps.length}: ${step}`, () => killedAt(i + 1, i + 3));
  process.exitCode = drill.report(flags.json);
} finally {
  await drill.deploykit('down', ...drill.where, '--purge');
  drill.close();
}

/** Brings a version up; the steps of it, as the command line prints them. */
async function update(version) {
  drill.write('s1.py', versioned(version));
  return (await watched(Number.POSITIVE_INFINITY)).steps;
}

async function killedAt(count, version) {
  drill.write('s1.py', versioned(version));
  const { killed } = await watched(count);
  const next = await drill.bringUp();
  if (!next.ok) process.stderr.write(`${JSON.stringify(next.error)}\n`);
  return killed && next.ok && leftovers(next.data.release) === '';
}

// Runs up and kills it, without a word, when it has printed so many steps.
async function watched(count) {
  const argv = [path.join(ROOT, 'dist/cli.js'), 'up', ...drill.where, ...drill.up, '-v', '-C', drill.project];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'ignore', 'pipe'] });
  const steps = [];
  let killed = false;
  let rest = '';
  for await (const chunk of child.stderr.setEncoding('utf8')) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines) if (isStep(line)) steps.push(line.trim().replace(/[0-9a-f]{12}/g, 'ID'));
    if (steps.length >= count && !killed) killed = child.kill('SIGKILL');
  }
  return { steps, killed };
}

// Of what a build prints, only the beginning.
function isStep(line) {
  return /^• |^ {2}(hold|create|start|wait|prove|drain|stop|remove) /.test(line);
}

// Containers that should not be there: everything but the front, the current set, and one older that does not run.
function leftovers(release) {
  const format = '{{.Names}} {{.State}}';
  const filter = `label=dev.deploykit.name=${NAME}`;
  const listed = execFileSync('docker', ['ps', '-a', '--format', format, '--filter', filter], {
    encoding: 'utf8',
  })
    .trim()
    .split('\n');
  const odd = listed.filter(
    (line) => !(/\.front running$/.test(line) || (line.includes(release) && line.endsWith(' running'))),
  );
  const stopped = odd.filter((line) => line.endsWith(' exited'));
  const bad = [...odd.filter((line) => !stopped.includes(line)), ...(stopped.length > 1 ? stopped : [])];
  if (bad.length > 0) process.stderr.write(`left over: ${bad.join(', ')}\n`);
  return bad.join('\n');
}
