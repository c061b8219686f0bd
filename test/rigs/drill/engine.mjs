// `npm run drill:engine`: the engine is stopped or killed, and started again, at every step of an update; and the whole
// machine is, as far as the engine can tell, switched off and on. An engine of its own is used, and only that is touched.
// With live-restore containers outlive their engine, and not one request may be lost. Without it the engine stops or
// kills them itself: what that costs is measured first with nothing else going on, and an update must add nothing to it.
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { build, installDependencies } from '../../setup.mjs';
import { enterNamespaces, PrivateEngine } from '../engine/private-engine.mjs';
import { versioned } from './apps.mjs';
import { Drill } from './drill.mjs';
import { leftovers, watched } from './steps.mjs';

const { values: flags } = parseArgs({
  options: {
    base: { type: 'string', default: 'deploykit/debian-like:12' },
    mode: { type: 'string', default: 'both' },
    /** Every so manieth step. */
    every: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const KEEP = 3;
const SIGNALS = ['SIGTERM', 'SIGKILL'];

enterNamespaces();
installDependencies();
build();
const name = `engine-${process.pid}-${Date.now() % 100000}`;
const drill = new Drill({
  where: ['-t', 'docker'],
  up: ['--base', flags.base, '--port', '8000', '--async', '20'],
  rate: 20,
  name,
  config: () => `name = "${name}"
[app]
module = "s1:app"
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
let version = 0;

try {
  const images = await buildOnMachinesEngine();
  for (const mode of flags.mode === 'both' ? ['on', 'off'] : [flags.mode]) await drillWith(mode, images);
  process.exitCode = drill.report(flags.json);
} finally {
  drill.close();
}

// A private engine has no network to build with: it gets two releases ready made, and goes from one to the other.
async function buildOnMachinesEngine() {
  try {
    for (const _ of [1, 2]) {
      const { ok, error } = await toOther(() => drill.bringUp());
      if (!ok) throw new Error(`${error.message}\n${error.excerpt ?? ''}`);
    }
    const { docker } = PrivateEngine;
    const images = docker(process.env, 'images', '--format', '{{.Repository}}:{{.Tag}}', `deploykit/${name}`);
    const front = docker(process.env, 'inspect', '--format', '{{.Config.Image}}', `deploykit-${name}.front`);
    const all = [flags.base, front, ...images.split('\n')];
    return { all, save: await PrivateEngine.saveImages(all) };
  } finally {
    await drill.deploykit('down', ...drill.where);
  }
}

async function drillWith(mode, { save }) {
  const engine = new PrivateEngine({ liveRestore: mode === 'on' });
  drill.env = engine.env;
  try {
    await engine.start();
    for (const _ of [1, 2]) {
      await engine.loadImages(save); // an image without a release is removed
      const { ok, error } = await toOther(() => drill.bringUp());
      if (!ok) throw new Error(`${error.message}\n${error.excerpt ?? ''}`);
    }
    const { data } = await drill.deploykit('status', ...drill.where);
    await drill.loadOn(data.endpoint);
    const titled = (title) => `live-restore ${mode}, ${title}`;
    for (const signal of SIGNALS)
      await drill.during(titled(`${signal} and nothing else`), async () => {
        await engine.restart(signal);
        return (await serves()) && inOrder();
      });
    await atEach((title) => titled(title), engine);
    await rebootsOf((title) => titled(title), engine);
  } finally {
    await engine.close();
  }
}

async function atEach(titled, engine) {
  const { steps } = await toOther(() => watched(drill, up));
  for (const [i, step] of steps.entries()) {
    if (i % Number(flags.every) !== 0) continue;
    const signal = SIGNALS[(i / Number(flags.every)) % 2];
    await drill.during(titled(`${signal} at ${i + 1} of ${steps.length}: ${step}`), async () => {
      const cut = await toOther(() => watched(drill, up, i + 1, () => engine.restart(signal)));
      return endedWell(cut) && (await converges());
    });
  }
}

// No request can be counted while the machine is off: what serves after it, without a command, is what counts.
async function rebootsOf(titled, engine) {
  const { steps } = await toOther(() => watched(drill, up));
  const reboot = async () => {
    await engine.reboot();
    return true;
  };
  const moments = [null, 'start', '• Switching', '• Draining'];
  for (const moment of moments) {
    const title = moment ? `power off at ${moment}` : 'power off and nothing else';
    await drill.unloaded(titled(title), async () => {
      const before = await answer();
      if (moment === null) await reboot();
      else {
        const count = steps.findIndex((step) => step.startsWith(moment)) + 1;
        const cut = await toOther(() => watched(drill, up, count, reboot));
        if (count === 0 || !endedWell(cut)) return false;
      }
      const after = await serves();
      const expected = moment === null || moment === 'start' ? [before] : [before, String(version)];
      if (!expected.includes(after)) process.stderr.write(`answers ${after}, expected ${expected}\n`);
      return expected.includes(after) && (moment === null ? inOrder() : converges());
    });
  }
}

function endedWell({ acted, exitCode, json }) {
  const lost = exitCode === 3 && json?.error?.code === 'DK_ENGINE_LOST' && json.error.hint !== undefined;
  if (!lost && exitCode !== 0) process.stderr.write(`exit ${exitCode} ${JSON.stringify(json?.error)}\n`);
  return acted && (lost || exitCode === 0);
}

/** `up` as it is now: it must put everything right, and the version that was asked for must answer. */
async function converges() {
  const { ok, error, data } = await drill.bringUp();
  if (!ok) process.stderr.write(`${JSON.stringify(error)}\n`);
  return (
    ok &&
    (await answer()) === String(version) &&
    leftovers(drill, { release: data.release, keep: KEEP }) === ''
  );
}

/** `up` as it is now has nothing to do. */
async function inOrder() {
  const { ok, data } = await drill.bringUp();
  return ok && !data.changed;
}

/** The version that answers, as soon as one does. */
async function serves() {
  for (let i = 0; i < 300; i++) {
    const version = await answer();
    if (version !== null) return version;
    await pause(100);
  }
  return null;
}

async function answer() {
  try {
    const response = await fetch('http://127.0.0.1:8000/');
    return response.ok ? (await response.text()).trim() : null;
  } catch {
    return null; // nobody listens yet
  }
}

function toOther(work) {
  version = 1 - version;
  drill.write('s1.py', versioned(version));
  return work();
}
