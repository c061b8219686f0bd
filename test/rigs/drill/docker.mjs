// `npm run drill:docker`: updates, rollbacks, reloads, a recycle of workers and broken releases behind the front, on the
// EL-like image, while requests keep coming.
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { build, installDependencies } from '../../setup.mjs';
import { Drill, FLAGS } from './drill.mjs';

const { values: flags } = parseArgs({
  options: {
    ...FLAGS,
    base: { type: 'string', default: 'deploykit/el9-like:9' },
    rate: { type: 'string', default: '40' },
    recycle: { type: 'string', default: '10000' },
    json: { type: 'boolean', default: false },
  },
});
const RECYCLE_RATE = 200;

installDependencies();
build();
const settings = { max_requests: 0 };
const drill = new Drill({
  where: ['-t', 'docker'],
  up: ['--base', flags.base, '--port', '0', '--async', '50'],
  rate: Number(flags.rate),
  config: (command) => `name = "drill-${process.pid}"
[app]
module = "s1:app"
${command ? `release_command = ${JSON.stringify(command)}` : ''}
[server]
processes = 2
max_requests = ${settings.max_requests}
[front]
kind = "nginx"
`,
});

try {
  const { data, error } = await drill.bringUp();
  if (error) throw new Error(`${error.message}\n${error.excerpt ?? ''}`);
  await drill.loadOn(data.endpoint);
  await drill.standardEvents(flags);
  await recycle(Number(flags.recycle));
  process.exitCode = drill.report(flags.json);
} finally {
  await drill.deploykit('down', ...drill.where, '--purge');
  drill.close();
}

// So many requests that each of the two workers is replaced five times.
async function recycle(requests) {
  if (requests === 0) return;
  settings.max_requests = Math.ceil(requests / 10);
  drill.write('deploykit.toml', drill.config(null));
  await drill.bringUp();
  drill.rate = RECYCLE_RATE;
  await drill.during(`recycle over ${requests} requests`, async () => {
    await pause((requests / RECYCLE_RATE) * 1000);
    const { data } = await drill.deploykit('status', ...drill.where);
    return data.stats.restarts > 0;
  });
}
