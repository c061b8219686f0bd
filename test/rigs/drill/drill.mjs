// What the drills of all targets share: a project, a load that keeps coming, events, and a table of what became of the
// requests of each. Every load is bounded by the engine of bench.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from '../../setup.mjs';
import { tutorial } from './tutorial.mjs';

/** Counts of events as flags of the command line. */
export const FLAGS = Object.fromEntries(
  Object.entries({ updates: '20', rollbacks: '5', reloads: '5', broken: '5' }).map(([name, value]) => [
    name,
    { type: 'string', default: value },
  ]),
);

const say = (text) => process.stderr.write(`${text}\n`);

/**
 * A drill of one project. `up`: arguments of up after the verb; `where`: those every verb needs; `config`: of the release
 * command to deploykit.toml; `app`: what is deployed, as tutorial.mjs has it.
 */
export class Drill {
  project = mkdtempSync(path.join(os.tmpdir(), 'deploykit-drill-'));
  events = [];
  /** Environment of the command line. */
  env = process.env;
  #shown = [];

  constructor({ up, where, config, rate, sleep, name, app = tutorial(sleep) }) {
    Object.assign(this, { up, where, config, rate, name, app });
    this.env = { ...process.env, ...app.env };
    for (const [name, text] of Object.entries(app.base)) this.write(name, text);
    this.show(app.release(0));
    this.write('deploykit.toml', config(app.command));
  }

  write(name, text) {
    const file = path.join(this.project, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** The files of a release, in place of those of the one before. */
  show(files) {
    for (const name of this.#shown) if (!(name in files)) rmSync(path.join(this.project, name));
    for (const [name, text] of Object.entries(files)) this.write(name, text);
    this.#shown = Object.keys(files);
  }

  /** Runs the command line; its JSON document. */
  async deploykit(...args) {
    const argv = [path.join(ROOT, 'dist/cli.js'), ...args, '--json', '-C', this.project];
    const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'], env: this.env });
    let text = '';
    for await (const chunk of child.stdout) text += chunk;
    return JSON.parse(text);
  }

  bringUp() {
    return this.deploykit('up', ...this.where, ...this.up);
  }

  /** Loads the endpoint from now on. */
  async loadOn(endpoint) {
    const { loadDuring } = await import(path.join(ROOT, 'dist/bench/drill/load-during.js'));
    const target = { endpoint, path: '/', method: 'GET', headers: {}, timeoutMs: 60_000 };
    this.during = async (event, work) => {
      say(event);
      const load = { target, rate: this.rate, keepAlive: false, marginMs: 1000 };
      const { count, outcome } = await loadDuring(load, work);
      if ('error' in outcome) throw outcome.error;
      this.events.push({ app: this.app.name, event, ...count, asExpected: outcome.value });
      say(JSON.stringify(this.events.at(-1)));
    };
  }

  /** An event while nothing serves that could be asked. */
  async unloaded(event, work) {
    say(event);
    const none = { requests: 0, failed: 0, slowestMs: 0, longestGapMs: 0, errors: {} };
    this.events.push({ app: this.app.name, event, ...none, asExpected: await work() });
    say(JSON.stringify(this.events.at(-1)));
  }

  async standardEvents({ updates, rollbacks, reloads, broken }) {
    for (let i = 1; i <= Number(updates); i++) {
      await this.during(`update ${i}`, async () => {
        this.show(this.app.release(i));
        return (await this.bringUp()).ok;
      });
    }
    for (let i = 1; i <= Number(rollbacks); i++)
      await this.during(`rollback ${i}`, async () => (await this.deploykit('rollback', ...this.where)).ok);
    for (let i = 1; i <= Number(reloads); i++)
      await this.during(`reload ${i}`, async () => (await this.deploykit('reload', ...this.where)).ok);
    for (const release of this.app.broken.slice(0, Number(broken)))
      await this.during(`broken: ${release.kind}`, () => this.breakBy(release));
    this.show(this.app.release(0));
  }

  // It must fail, say why, and leave the old release serving.
  async breakBy({ files, command = this.app.command, says }) {
    const before = await this.deploykit('status', ...this.where);
    this.show(files);
    this.write('deploykit.toml', this.config(command));
    const { ok, error } = await this.bringUp();
    this.write('deploykit.toml', this.config(this.app.command));
    const after = await this.deploykit('status', ...this.where);
    const said = says.test(`${error?.message}\n${error?.excerpt}`);
    if (ok || !said) say(JSON.stringify(error));
    return !ok && said && after.data.running && after.data.release === before.data.release;
  }

  /** Prints the table or the document; the exit code. */
  report(json, judgement) {
    return report(this.events, json, judgement);
  }

  close() {
    rmSync(this.project, { recursive: true });
  }
}

/** Prints the events of one or more drills; the exit code. `lossless`: whether a failed request is a failure. */
export function report(events, json, { lossless = true } = {}) {
  const failed = events.reduce((sum, event) => sum + event.failed, 0);
  const ok = (failed === 0 || !lossless) && events.every((event) => event.asExpected);
  const document = { schemaVersion: 1, command: 'drill', ok, data: { events }, warnings: [] };
  process.stdout.write(json ? `${JSON.stringify(document, null, 2)}\n` : table(events));
  return ok ? 0 : 1;
}

function table(events) {
  const head = ['app', 'event', 'requests', 'failed', 'slowest ms', 'longest gap ms', 'as expected'];
  const rows = events.map((e) =>
    [e.app, e.event, e.requests, e.failed, e.slowestMs, e.longestGapMs, e.asExpected ? 'yes' : 'NO'].map(
      String,
    ),
  );
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i].length)));
  const line = (row) =>
    row.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ');
  return `${[head, ...rows].map(line).join('\n')}\n`;
}
