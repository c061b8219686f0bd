import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { VERBS } from '../src/commands/declare.js';
import { TUTORIAL } from './helpers/apps.js';
import { cli, ROOT } from './helpers/cli.js';
import { tempProject } from './helpers/temp.js';

describe('the command line', () => {
  it('--help names every verb, on stdout, exit 0', async () => {
    const { stdout, exitCode } = await cli(['--help']);
    expect(exitCode).toBe(0);
    for (const name of Object.keys(VERBS)) expect(stdout).toContain(`  ${name}`);
  });

  it.each([
    [['upp'], /Did you mean up/],
    [['up', '--asyn', '3'], /Did you mean --async/],
    [['up', '--async', 'many'], /whole number/],
    [['up', '--async'], /argument missing/],
    [['bench', 'extra'], /too many arguments/],
    [['up', '--color', 'blue'], /auto, always, never/],
    [['events', '--since', 'soon'], /30m, 2h, 7d/],
    [['completion', 'tcsh'], /bash, zsh, fish/],
    [['scale'], /missing required argument 'n'/],
    [['scale', '0'], /deploykit down/],
    [['scale', '-1'], /from 1 to 64/],
    [['scale', '65'], /from 1 to 64/],
    [['scale', '2', '-t', 'process'], /no replicas.*\n.*--processes/],
    [['up', '-t', 'dokcer'], /Did you mean -t docker/],
  ])('%j is a usage error: exit 2, a hint, a code', async (args, words) => {
    const dir = tempProject(TUTORIAL);
    const result = await cli(args, { cwd: dir });
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toMatch(words);
    expect(result.stderr).toMatch(/DK_[A-Z_]+/);
    expect(result.stdout).toBe('');
  });

  it('a usage error under --json is one document too', async () => {
    const { json, exitCode } = await cli(['up', '--nope', '--json']);
    expect(exitCode).toBe(2);
    expect(json).toMatchObject({ schemaVersion: 1, command: 'up', ok: false, error: { code: 'DK_USAGE' } });
  });

  it.each([
    ['broken TOML', 'name = "x\n', 'DK_CONFIG_SYNTAX', 1],
    ['an unknown key', '[server]\nasink = 100\n', 'DK_CONFIG_UNKNOWN_KEY', 2],
    ['a value of the wrong kind', '[server]\nport = "http"\n', 'DK_CONFIG_INVALID', 2],
  ])('%s: code, exit 2, file and line, a hint', async (_, text, code, line) => {
    const dir = tempProject({ ...TUTORIAL, 'deploykit.toml': text });
    const { json, exitCode } = await cli(['plan', '-t', 'systemd', '--json'], { cwd: dir });
    expect(exitCode).toBe(2);
    expect(json.error).toMatchObject({ code, line, file: expect.stringContaining('deploykit.toml') });
    const { stderr } = await cli(['plan', '-t', 'systemd'], { cwd: dir });
    expect(stderr).toContain('deploykit.toml:');
  });

  it('init writes once, and the second time says so', async () => {
    const dir = tempProject(TUTORIAL);
    expect((await cli(['init'], { cwd: dir })).exitCode).toBe(0);
    const again = await cli(['init', '--json'], { cwd: dir });
    expect(again).toMatchObject({ exitCode: 2, json: { error: { code: 'DK_CONFIG_EXISTS' } } });
  });

  it('render --out writes, keeps an edited file, and refuses to leave the project', async () => {
    const dir = tempProject(TUTORIAL);
    const render = (...args: string[]) => cli(['render', '-t', 'systemd', ...args, '--json'], { cwd: dir });
    expect((await render('--out', 'deploy')).json.data.written).toContain('deploy/uwsgi.ini');
    spawnSync('sh', ['-c', 'echo "# mine" >> deploy/uwsgi.ini'], { cwd: dir });
    expect(await render('--out', 'deploy', '--async', '9')).toMatchObject({
      exitCode: 4,
      json: { error: { code: 'DK_EDITED_FILE' } },
    });
    expect((await render('--out', 'deploy', '--force')).exitCode).toBe(0);
    expect(await render('--out', '../elsewhere')).toMatchObject({
      exitCode: 2,
      json: { error: { code: 'DK_FILE_OUTSIDE' } },
    });
  });

  it('bench refuses an address that is not on this machine, and one that does not serve', async () => {
    const away = await cli(['bench', '--url', 'http://192.0.2.1/', '--json']);
    expect(away).toMatchObject({ exitCode: 2, json: { error: { code: 'DK_BENCH_ADDRESS' } } });
    const nobody = await cli(['bench', '--url', 'http://127.0.0.1:9/', '--json']);
    expect(nobody).toMatchObject({ exitCode: 1, json: { error: { code: 'DK_BENCH_NOT_SERVING' } } });
  });

  it('--json leaves progress on stderr, in plain lines, unless it shall be quiet', async () => {
    const server = createServer((_, answer) => answer.end('well\n')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const load = ['--url', url, '--no-wave', '--requests', '20', '--concurrency', '2', '--json'];
    try {
      const told = await cli(['bench', ...load]);
      expect(told.json).toMatchObject({ schemaVersion: 1, command: 'bench', data: { endpoint: {} } });
      expect(told.stderr).toMatch(/^• [ -~]+\n/);
      expect(told.stderr).not.toMatch(/\x1b|\r/);
      const quiet = await cli(['bench', ...load, '--quiet']);
      expect(quiet.json).toMatchObject({ schemaVersion: 1, command: 'bench', data: { endpoint: {} } });
      expect(quiet.stderr).not.toContain('•');
    } finally {
      server.close();
    }
  });

  it('what is not running says so', async () => {
    const dir = tempProject(TUTORIAL);
    const bench = await cli(['bench', '-t', 'process', '--json'], { cwd: dir });
    expect(bench).toMatchObject({ exitCode: 1, json: { error: { code: 'DK_NOT_RUNNING' } } });
    expect((await cli(['status', '-t', 'process'], { cwd: dir })).stdout).toContain('not running');
    expect((await cli(['up', '-t', 'systemd'], { cwd: dir })).stderr).toContain('DK_TARGET_RENDER_ONLY');
  });

  it('a source in which no callable is found is no obstacle to look, or to stop', async () => {
    const dir = tempProject({ 's1.py': 'print(' });
    for (const verb of ['status', 'down']) {
      expect(await cli([verb, '-t', 'process', '--json'], { cwd: dir })).toMatchObject({
        exitCode: 0,
        json: { ok: true },
      });
    }
    expect((await cli(['up', '-t', 'process', '--json'], { cwd: dir })).json.error.code).toBe(
      'DK_DETECT_CALLABLE',
    );
  });

  it('a secret appears nowhere in what is printed or written', async () => {
    const dir = tempProject({ ...TUTORIAL, 'deploykit.toml': '[app]\nsecrets = ["TOKEN"]\n' });
    const env = { TOKEN: 'correct-horse-battery' };
    for (const args of [
      ['config'],
      ['plan', '-t', 'systemd', '--json'],
      ['render', '-t', 'systemd'],
      ['render', '-t', 'systemd', '--out', 'x'],
    ]) {
      const { stdout, stderr } = await cli(args, { cwd: dir, env });
      expect(stdout + stderr).not.toContain(env.TOKEN);
    }
    expect(spawnSync('grep', ['-r', env.TOKEN, dir]).status).toBe(1);
  });

  it('--help loads commander and nothing else that is heavy', () => {
    const script = path.join(ROOT, 'dist/cli.js');
    const heavy = ['dockerode', 'execa', 'zod', 'handlebars', '@lezer/python', 'smol-toml'];
    const trace = spawnSync(process.execPath, [script, '--help'], {
      env: { ...process.env, NODE_DEBUG: 'esm,module' },
      encoding: 'utf8',
    });
    for (const name of heavy) expect(trace.stderr).not.toContain(`node_modules/${name}/`);
    expect(trace.stderr).toContain('node_modules/commander/');
  });
});
