// `npm run drill:vm`: updates, rollbacks, reloads, broken releases and cut connections on a real VM while requests keep
// coming; prints for each event how many were sent, failed, and how long the slowest took.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { build, installDependencies, ROOT } from '../../setup.mjs';
import { Drill, FLAGS } from '../drill/drill.mjs';
import { cutEverywhere } from './cut.mjs';

const { values: flags } = parseArgs({
  options: {
    ...FLAGS,
    /** At how many moments of an update the connection is cut. */
    cuts: { type: 'string', default: '14' },
    /** Requests a second. */
    rate: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
});
const VM = path.join(ROOT, 'test/rigs/vm/vm.sh');
const INSTANCE = `drill-${process.pid}`;
const PORT = 20_000 + (process.pid % 20_000);

installDependencies();
build();
const vm = JSON.parse(execFileSync(VM, ['start', INSTANCE], { encoding: 'utf8' }));
const drill = new Drill({
  where: ['-t', 'vm'],
  up: ['--async', '20'],
  rate: Number(flags.rate),
  sleep: 0.5,
  config: (command) => `name = "drill"
[app]
module = "s1:app"
${command ? `release_command = ${JSON.stringify(command)}` : ''}
[server]
processes = 2
[target.vm]
kind = "systemd"
hosts = ["vm"]
ssh_config = "${vm.config}"
wheelhouse = "/var/cache/deploykit/wheelhouse"
`,
});
let tunnel;

try {
  await drill.bringUp();
  tunnel = await openTunnel();
  await drill.loadOn({
    host: '127.0.0.1',
    port: PORT,
    hostHeader: 'localhost',
    route: { kind: 'ssh-tunnel', note: 'a tunnel of the drill' },
  });
  await drill.standardEvents(flags);
  if (Number(flags.cuts) > 0) await cutEverywhere(drill, vm.config, Number(flags.cuts));
  process.exitCode = drill.report(flags.json);
} finally {
  tunnel?.kill();
  execFileSync(VM, ['kill', INSTANCE], { stdio: 'ignore' });
  drill.close();
}

// qemu's own forwarding has a backlog of one connection.
async function openTunnel() {
  const rule = `127.0.0.1:${PORT}:127.0.0.1:8000`;
  const argv = ['-F', vm.config, '-N', '-o', 'ExitOnForwardFailure=yes', '-L', rule, 'vm'];
  const ssh = spawn('ssh', argv, { stdio: 'ignore' });
  const ended = once(ssh, 'exit').then(() => Promise.reject(new Error('the tunnel did not open')));
  await Promise.race([untilServing(), ended]);
  return ssh;
}

// A request sent before the tunnel is open would count as lost.
async function untilServing() {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const ok = await fetch(`http://127.0.0.1:${PORT}/`).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return;
    if (Date.now() > deadline) throw new Error('nothing answers through the tunnel');
    await pause(200);
  }
}
