// `npm run drill:kill`: the command line is killed at every step of an update, a rollback, a reload, the first up and a
// down, as it prints them; the next `up` must put everything right. While something serves requests keep coming, and not
// one may be lost.
import { parseArgs } from 'node:util';
import { build, installDependencies } from '../../setup.mjs';
import { versioned } from './apps.mjs';
import { Drill } from './drill.mjs';
import { freePort, kill, leftovers, watched } from './steps.mjs';

const { values: flags } = parseArgs({
  options: {
    base: { type: 'string', default: 'deploykit/el9-like:9' },
    json: { type: 'boolean', default: false },
  },
});
const KEEP = 2;

installDependencies();
build();
const drill = new Drill({
  where: ['-t', 'docker'],
  up: ['--base', flags.base, '--port', String(await freePort()), '--async', '20'],
  rate: 20,
  name: `kill-${process.pid}`,
  config: () => `name = "kill-${process.pid}"
[app]
module = "s1:app"
release_command = "true"
[server]
processes = 2
[front]
kind = "nginx"
[target.docker]
kind = "docker"
keep = ${KEEP}
`,
});
const up = ['up', ...drill.where, ...drill.up];
const down = ['down', ...drill.where];
let version = 0;

try {
  const { data, error } = await drill.bringUp();
  if (error) throw new Error(`${error.message}\n${error.excerpt ?? ''}`);
  await drill.loadOn(data.endpoint);
  // Twice, so that there is a release to remove; the steps of the second are those that are killed at.
  await newVersion(() => watched(drill, up));
  await atEach('update', (await newVersion(() => watched(drill, up))).steps, (count) =>
    newVersion(() => watched(drill, up, count, kill)),
  );
  for (const verb of ['rollback', 'reload'])
    await atEach(verb, (await watched(drill, [verb, ...drill.where])).steps, (count) =>
      watched(drill, [verb, ...drill.where], count, kill),
    );
  drill.during = drill.unloaded;
  await watched(drill, down);
  await atEach('first up', (await watched(drill, up)).steps, async (count) => {
    await watched(drill, down);
    return watched(drill, up, count, kill);
  });
  await atEach('down', (await watched(drill, down)).steps, async (count) => {
    await watched(drill, up);
    return watched(drill, down, count, kill);
  });
  process.exitCode = drill.report(flags.json);
} finally {
  await drill.deploykit('down', ...drill.where, '--purge');
  drill.close();
}

function newVersion(work) {
  version++;
  drill.write('s1.py', versioned(version));
  return work();
}

async function atEach(what, steps, killedAt) {
  for (const [i, step] of steps.entries())
    await drill.during(`${what}, ${i + 1} of ${steps.length}: ${step}`, async () => {
      const { acted } = await killedAt(i + 1);
      const next = await drill.bringUp();
      if (!next.ok) process.stderr.write(`${JSON.stringify(next.error)}\n`);
      return acted && next.ok && leftovers(drill, { release: next.data.release, keep: KEEP }) === '';
    });
}
