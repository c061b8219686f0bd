// A Docker engine of its own, to be stopped, killed and started again: its own network, mounts and processes, so that
// no other engine of the machine notices and nothing of it outlives the script.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const INSIDE = 'DEPLOYKIT_PRIVATE_ENGINE';
const PATIENCE_MS = 30_000;

/** Runs this script again in namespaces of its own, once; root only. Returns in the inner run alone. */
export function enterNamespaces() {
  if (process.env[INSIDE]) {
    execFileSync('ip', ['link', 'set', 'lo', 'up']);
    return;
  }
  // The shell is process 1 in there: it waits for orphans too, and all others end with it.
  const argv = ['--net', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child'];
  const inner = ['sh', '-c', '"$@"; exit $?', 'sh', process.execPath, ...process.argv.slice(1)];
  const env = { ...process.env, [INSIDE]: mkdtempSync(path.join(os.tmpdir(), 'dk-engine-')) };
  const { status, error } = spawnSync('unshare', [...argv, ...inner], { stdio: 'inherit', env });
  rmSync(env[INSIDE], { recursive: true, force: true });
  if (error) throw error;
  process.exit(status ?? 1);
}

/** containerd and dockerd, two services as a distribution runs them. */
export class PrivateEngine {
  /** What a machine keeps when it is switched off, and what it does not. */
  folder = mkdtempSync(path.join(process.env[INSIDE] ?? os.tmpdir(), 'e'));
  run = path.join(this.folder, 'run');
  address = `unix://${this.run}/docker.sock`;
  /** Environment by which clients find it. */
  env = { ...process.env, DOCKER_HOST: this.address };
  #services = new Map();

  constructor({ liveRestore }) {
    const containerd = `version = 2
root = "${this.folder}/containerd"
state = "${this.run}/containerd"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
address = "${this.run}/containerd.sock"
`;
    writeFileSync(path.join(this.folder, 'containerd.toml'), containerd);
    const dockerd = {
      'data-root': `${this.folder}/data`,
      'exec-root': `${this.run}/docker`,
      pidfile: `${this.run}/docker.pid`,
      hosts: [this.address],
      containerd: `${this.run}/containerd.sock`,
      'userland-proxy': false,
      'live-restore': liveRestore,
    };
    writeFileSync(path.join(this.folder, 'daemon.json'), JSON.stringify(dockerd));
  }

  static docker(env, ...argv) {
    return execFileSync('docker', argv, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  }

  /** Images of the machine's own engine, as a file. */
  static async saveImages(tags) {
    const file = path.join(process.env[INSIDE], 'images.tar');
    PrivateEngine.docker(process.env, 'save', '-o', file, ...tags);
    return file;
  }

  loadImages(file) {
    PrivateEngine.docker(this.env, 'load', '-q', '-i', file);
  }

  async start() {
    mkdirSync(this.run, { recursive: true });
    const deadline = Date.now() + PATIENCE_MS;
    if (!this.#services.has('containerd')) {
      this.#spawn('containerd', ['--config', `${this.folder}/containerd.toml`]);
      await this.#until('containerd', () => existsSync(`${this.run}/containerd.sock`), deadline);
    }
    this.#spawn('dockerd', ['--config-file', `${this.folder}/daemon.json`]);
    await this.#until('dockerd', () => this.#answers(), deadline);
  }

  /** Ends dockerd and starts it anew; containerd goes on, as with `systemctl restart docker`. */
  async restart(signal) {
    await this.#end('dockerd', signal);
    await this.start();
  }

  /** What a machine loses that is switched off and on again: every process of the engine, its network, and its run folder. */
  async reboot() {
    await this.#cutPower();
    await this.start();
  }

  async close() {
    await this.#cutPower();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #cutPower() {
    const containers = this.#containerProcesses();
    await Promise.all(['dockerd', 'containerd'].map((name) => this.#end(name, 'SIGKILL')));
    for (const pid of containers) killIfThere(pid);
    await pause(200);
    const mounts = readFileSync('/proc/self/mounts', 'utf8')
      .split('\n')
      .map((line) => line.split(' ')[1] ?? '');
    for (const at of mounts.filter((one) => one.startsWith(`${this.folder}/`)).reverse())
      execFileSync('umount', ['-l', at]);
    rmSync(this.run, { recursive: true, force: true });
    for (const table of ['filter', 'nat'])
      for (const flag of ['-F', '-X']) execFileSync('iptables', ['-t', table, flag]);
    spawnSync('ip', ['link', 'delete', 'docker0']);
  }

  // The shims name their containerd; what they started is below them.
  #containerProcesses() {
    const all = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
    const shims = all.filter((pid) => readProc(pid, 'cmdline').includes(`${this.run}/containerd.sock`));
    const isShim = new Set(shims.filter((pid) => readProc(pid, 'comm').startsWith('containerd-shim')));
    const parent = (pid) => Number(/\) \S (\d+)/.exec(readProc(pid, 'stat'))?.[1] ?? 0);
    const below = (pid) => pid > 1 && (isShim.has(pid) || below(parent(pid)));
    return all.filter((pid) => below(pid));
  }

  #answers() {
    return spawnSync('docker', ['version'], { env: this.env, stdio: 'ignore' }).status === 0;
  }

  #spawn(name, argv) {
    const log = openSync(path.join(this.folder, `${name}.log`), 'a');
    const child = spawn(name, argv, { stdio: ['ignore', log, log] });
    child.once('exit', () => this.#services.delete(name));
    this.#services.set(name, child);
  }

  async #end(name, signal) {
    const child = this.#services.get(name);
    if (!child) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }

  async #until(name, holds, deadline) {
    while (!holds()) {
      if (Date.now() > deadline || !this.#services.has(name)) {
        const log = readFileSync(path.join(this.folder, `${name}.log`), 'utf8');
        throw new Error(`the private ${name} did not start:\n${log.slice(-2000)}`);
      }
      await pause(50);
    }
  }
}

function readProc(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return ''; // it ended meanwhile
  }
}

function killIfThere(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
