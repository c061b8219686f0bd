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
    /** Only what a test has time for. */
    short: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const KEEP = 3;
const SIGNALS = ['SIGTERM', 'SIGKILL'];

enterNamespaces();
installDependencies();
build();
const name = `engine-${process.pid}-${Date.now() % 100000}`;
const PORT = '8000';
const upOn = (port) => ['--base', flags.base, '--port', port, '--async', '20'];
const drill = new Drill({
  where: ['-t', 'docker'],
  up: upOn('0'),
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
let version = 0;

try {
  const images = await buildOnMachinesEngine();
  for (const mode of flags.mode === 'both' ? ['on', 'off'] : [flags.mode]) await drillWith(mode, images);
  // What the engine itself drops is printed, beside what it drops when nothing else goes on.
  process.exitCode = drill.report(flags.json, { lossless: false });
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
  drill.up = upOn(PORT); // one that is the same after everything was started again, of a network of its own
  const titled = (title) => `live-restore ${mode}, ${title}`;
  try {
    await engine.start();
    for (const _ of flags.short ? [1] : [1, 2]) {
      engine.loadImages(save); // an image without a release is removed
      const { ok, error } = await toOther(() => drill.bringUp());
      if (!ok) throw new Error(`${error.message}\n${error.excerpt ?? ''}`);
    }
    engine.loadImages(save);
    const { data } = await drill.deploykit('status', ...drill.where);
    await drill.loadOn(data.endpoint);
    if (flags.short) {
      await restartAt(titled, engine, 'SIGTERM', 'wait', 'wait');
      await powerCut(titled, engine, null);
    } else {
      await controls(titled, engine);
      await atEach(titled, engine);
      for (const moment of [null, 'start', '• Switching', '• Draining'])
        await powerCut(titled, engine, moment);
    }
  } finally {
    await engine.close();
  }
}

async function controls(titled, engine) {
  for (const signal of SIGNALS)
    await drill.during(titled(`${signal} and nothing else`), async () => {
      await engine.restart(signal);
      return (await serves()) && inOrder();
    });
}

async function atEach(titled, engine) {
  const { steps } = await toOther(() => watched(drill, upArgv()));
  for (const [i, step] of steps.entries())
    await restartAt(titled, engine, SIGNALS[i % 2], i + 1, `${i + 1} of ${steps.length}: ${step}`);
}

async function restartAt(titled, engine, signal, at, what) {
  await drill.during(titled(`${signal} at ${what}`), async () => {
    const cut = await toOther(() => watched(drill, upArgv(), at, () => engine.restart(signal)));
    // At its last step it may have ended before it needed the engine again.
    return endedWell(cut, typeof at === 'number') && (await converges());
  });
}

// No request can be counted while the machine is off: what serves after it, without a command, is what counts.
async function powerCut(titled, engine, moment) {
  const reboot = async () => {
    await engine.reboot();
    return true;
  };
  await drill.unloaded(titled(`power off ${moment ? `at ${moment}` : 'and nothing else'}`), async () => {
    const before = await answer();
    if (moment === null) await reboot();
    else if (!endedWell(await toOther(() => watched(drill, upArgv(), moment, reboot)))) return false;
    const after = await serves();
    const expected = moment === null || moment === 'start' ? [before] : [before, String(version)];
    if (!expected.includes(after)) process.stderr.write(`answers ${after}, expected ${expected}\n`);
    return expected.includes(after) && (moment === null ? inOrder() : converges());
  });
}

function endedWell({ acted, exitCode, json }, mayFinish = false) {
  const lost = exitCode === 3 && json?.error?.code === 'DK_ENGINE_LOST' && json.error.hint !== undefined;
  const well = lost || (mayFinish && exitCode === 0);
  if (!well) process.stderr.write(`exit ${exitCode} ${JSON.stringify(json?.error)}\n`);
  return acted && well;
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
    const response = await fetch(`http://127.0.0.1:${PORT}/`);
    return response.ok ? (await response.text()).trim() : null;
  } catch {
    return null; // nobody listens yet
  }
}

function upArgv() {
  return ['up', ...drill.where, ...drill.up];
}

function toOther(work) {
  version = 1 - version;
  drill.write('s1.py', versioned(version));
  return work();
}
