// `npm run drill:docker`: updates, rollbacks, reloads, broken releases and a recycle of workers behind the front, on the
// EL-like image, while requests keep coming: the tutorial's application, and Django with a real PostgreSQL.
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { build, installDependencies } from '../../setup.mjs';
import { django } from './django.mjs';
import { Drill, FLAGS, report } from './drill.mjs';
import { tutorial } from './tutorial.mjs';

const APPS = { tutorial: async () => tutorial(), django };
const { values: flags } = parseArgs({
  options: {
    ...FLAGS,
    /** tutorial or django; both, one after the other, when absent. */
    app: { type: 'string', multiple: true, default: Object.keys(APPS) },
    base: { type: 'string', default: 'deploykit/el9-like:9' },
    rate: { type: 'string', default: '40' },
    recycle: { type: 'string', default: '10000' },
    json: { type: 'boolean', default: false },
  },
});

installDependencies();
build();
const events = [];
for (const name of flags.app) events.push(...(await drillOf(name)));
process.exitCode = report(events, flags.json);

async function drillOf(name) {
  const app = await APPS[name]();
  const settings = { max_requests: 0 };
  const drill = new Drill({
    app,
    where: ['-t', 'docker'],
    up: ['--base', flags.base, '--port', '0', '--async', '50'],
    rate: Number(flags.rate),
    config: (command) => configOf(app, command, settings),
  });
  try {
    const { data, error } = await drill.bringUp();
    if (error) throw new Error(`${error.message}\n${error.excerpt ?? ''}`);
    await drill.loadOn(data.endpoint);
    await drill.standardEvents(flags);
    await recycle(drill, settings, Number(flags.recycle));
    await app.check(drill.events.reduce((sum, { requests, failed }) => sum + requests - failed, 0));
    return drill.events;
  } finally {
    await drill.deploykit('down', ...drill.where, '--purge');
    drill.close();
    await app.stop();
  }
}

function configOf({ name, toml }, command, settings) {
  return `name = "drill-${name}-${process.pid}"
[app]
${command ? `release_command = ${JSON.stringify(command)}` : ''}
${toml.app}
[server]
processes = 2
max_requests = ${settings.max_requests}
[front]
kind = "nginx"
[target.docker]
kind = "docker"
${toml.target}
`;
}

// So many requests that each of the two workers is replaced five times.
async function recycle(drill, settings, requests) {
  if (requests === 0) return;
  const { command, recycleRate } = drill.app;
  settings.max_requests = Math.ceil(requests / 10);
  drill.write('deploykit.toml', drill.config(command));
  await drill.bringUp();
  drill.rate = recycleRate;
  await drill.during(`recycle over ${requests} requests`, async () => {
    await pause((requests / recycleRate) * 1000);
    const { data } = await drill.deploykit('status', ...drill.where);
    return data.stats.restarts > 0;
  });
}
