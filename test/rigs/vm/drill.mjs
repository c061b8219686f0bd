// `npm run drill:vm`: updates, rollbacks, reloads and broken releases on a real VM while requests keep coming; prints
// for each event how many were sent, failed, and how long the slowest took. Bounded: one request every 200 ms.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build, installDependencies, ROOT } from '../../setup.mjs';

const count = (value) => ({ type: 'string', default: value });
const { values: flags } = parseArgs({
  options: {
    updates: count('20'),
    rollbacks: count('5'),
    reloads: count('5'),
    broken: count('5'),
    json: { type: 'boolean', default: false },
  },
});
const INTERVAL_MS = 200;
const VM = path.join(ROOT, 'test/rigs/vm/vm.sh');
const INSTANCE = `drill-${process.pid}`;

const APP = (version) => `import time
from flask import Flask
app = Flask(__name__)
@app.route("/")
def hello():
    time.sleep(0.5)
    return "${version}\\n"
`;
const BROKEN = [
  ['import error', { 's1.py': `import nowhere_to_be_found\n${APP('broken')}` }, /nowhere_to_be_found/],
  [
    'never healthy',
    { 's1.py': APP('x').replace('return', 'raise ValueError("sick")\n    return') },
    /ValueError: sick/,
  ],
  [
    'crash after 2 s',
    { 's1.py': `${APP('x')}\nimport os, threading\nthreading.Timer(2, os._exit, [3]).start()\n` },
    null,
  ],
  [
    'wrong callable',
    {
      's1.py': APP('x')
        .replace(
          'app = Flask(__name__)',
          'app = Flask(__name__)\ndel globals()["app"]\napp_ = Flask(__name__)',
        )
        .replace('@app.', '@app_.'),
    },
    null,
  ],
  ['failing migration', { 's1.py': APP('m'), 'deploykit.toml': 'false' }, /no such table/],
];

installDependencies();
build();
const say = (text) => process.stderr.write(`${text}\n`);
const vm = JSON.parse(execFileSync(VM, ['start', INSTANCE], { encoding: 'utf8' }));
const project = mkdtempSync(path.join(os.tmpdir(), 'deploykit-drill-'));
const cleanup = [
  () => execFileSync(VM, ['kill', INSTANCE], { stdio: 'ignore' }),
  () => rmSync(project, { recursive: true }),
];

try {
  const events = await drill();
  const failed = events.reduce((sum, event) => sum + event.failed, 0);
  const unexpected = events.filter((event) => !event.asExpected);
  const ok = failed === 0 && unexpected.length === 0;
  const document = { schemaVersion: 1, command: 'drill', ok, data: { events }, warnings: [] };
  process.stdout.write(flags.json ? `${JSON.stringify(document, null, 2)}\n` : table(events));
  process.exitCode = ok ? 0 : 1;
} finally {
  for (const step of cleanup) step();
}

async function drill() {
  write('s1.py', APP(0));
  write('requirements.txt', 'flask\n');
  writeConfig();
  await deploykit(['up', '-t', 'vm', '--async', '20']);
  const load = await startLoad();
  const events = [];
  const during = async (event, work) => {
    const mark = load.mark();
    say(event);
    const asExpected = await work();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    events.push({ event, ...load.since(mark), asExpected });
  };
  for (let i = 1; i <= Number(flags.updates); i++) {
    await during(`update ${i}`, async () => {
      write('s1.py', APP(i));
      return (await deploykit(['up', '-t', 'vm', '--async', '20'])).ok;
    });
  }
  for (let i = 1; i <= Number(flags.rollbacks); i++) {
    await during(`rollback ${i}`, async () => (await deploykit(['rollback', '-t', 'vm'])).ok);
  }
  for (let i = 1; i <= Number(flags.reloads); i++) {
    await during(`reload ${i}`, async () => (await deploykit(['reload', '-t', 'vm'])).ok);
  }
  for (const [kind, files, words] of BROKEN.slice(0, Number(flags.broken))) {
    await during(`broken: ${kind}`, () => broken(files, words));
  }
  await load.stop();
  return events;
}

// It must fail, say why, and leave the old release serving.
async function broken(files, words) {
  write('s1.py', files['s1.py']);
  if (files['deploykit.toml'])
    writeConfig(`release_command = "echo no such table >&2; ${files['deploykit.toml']}"`);
  const before = await deploykit(['status', '-t', 'vm']);
  const { ok, error } = await deploykit(['up', '-t', 'vm', '--async', '20']);
  const after = await deploykit(['status', '-t', 'vm']);
  writeConfig();
  const said = words === null || words.test(`${error?.message}\n${error?.excerpt}`);
  if (ok || !said) say(JSON.stringify(error));
  return !ok && said && after.data.running && after.data.release === before.data.release;
}

// One request every 200 ms through an ssh tunnel of its own, each on a new connection.
async function startLoad() {
  const port = 20_000 + (process.pid % 20_000);
  const rule = `127.0.0.1:${port}:127.0.0.1:8000`;
  const ssh = spawn('ssh', ['-F', vm.config, '-N', '-o', 'ExitOnForwardFailure=yes', '-L', rule, 'vm'], {
    stdio: 'ignore',
  });
  cleanup.unshift(() => ssh.kill());
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const samples = [];
  const pending = new Set();
  const timer = setInterval(() => {
    const request = one(port).then((sample) => {
      samples.push(sample);
      pending.delete(request);
    });
    pending.add(request);
  }, INTERVAL_MS);
  return {
    mark: () => samples.length,
    since: (mark) => {
      const own = samples.slice(mark);
      const failed = own.filter((sample) => !sample.ok).length;
      return {
        requests: own.length,
        failed,
        slowestMs: Math.round(Math.max(0, ...own.map((sample) => sample.ms))),
      };
    },
    stop: async () => {
      clearInterval(timer);
      await Promise.all(pending);
    },
  };
}

function one(port) {
  const began = performance.now();
  return new Promise((resolve) => {
    const end = (ok) => resolve({ ok, ms: performance.now() - began });
    http
      .get({ host: '127.0.0.1', port, agent: false, timeout: 60_000 }, (response) => {
        response.resume();
        response.on('end', () => end(response.statusCode === 200)).on('error', () => end(false));
      })
      .on('timeout', function expired() {
        this.destroy();
      })
      .on('error', () => end(false));
  });
}

function writeConfig(extra = '') {
  write(
    'deploykit.toml',
    `name = "drill"
[app]
module = "s1:app"
${extra}
[server]
processes = 2
[target.vm]
kind = "systemd"
hosts = ["vm"]
ssh_config = "${vm.config}"
wheelhouse = "/var/cache/deploykit/wheelhouse"
`,
  );
}

function write(name, text) {
  writeFileSync(path.join(project, name), text);
}

async function deploykit(args) {
  const child = spawn(process.execPath, [path.join(ROOT, 'dist/cli.js'), ...args, '--json', '-C', project], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of child.stdout) text += chunk;
  return JSON.parse(text);
}

function table(events) {
  const head = ['event', 'requests', 'failed', 'slowest ms', 'as expected'];
  const rows = events.map((e) =>
    [e.event, e.requests, e.failed, e.slowestMs, e.asExpected ? 'yes' : 'NO'].map(String),
  );
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i].length)));
  const line = (row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ');
  return `${[head, ...rows].map(line).join('\n')}\n`;
}
