import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TUTORIAL } from '../helpers/apps.js';
import { ROOT } from '../helpers/cli.js';
import { tempProject } from '../helpers/temp.js';

describe('the packed tarball, installed as a user would', () => {
  const folder = tempProject({ 'package.json': '{"private": true}' }, { keep: true });
  const app = tempProject(TUTORIAL, { keep: true });
  let packed: { filename: string; files: { path: string }[] };
  beforeAll(() => {
    const text = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    packed = JSON.parse(text)[0];
    const options = { cwd: folder, stdio: ['ignore', 'ignore', 2] as ['ignore', 'ignore', number] };
    execFileSync(
      'npm',
      ['install', '--no-audit', '--no-fund', '--loglevel=error', `./${packed.filename}`],
      options,
    );
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
    rmSync(app, { recursive: true, force: true });
  });
  const deploykit = (...args: string[]) =>
    spawnSync(path.join(folder, 'node_modules/.bin/deploykit'), args, { cwd: app, encoding: 'utf8' });

  it('holds what runs and nothing else', () => {
    const tops = new Set(packed.files.map((file) => file.path.split('/')[0]));
    expect([...tops].sort()).toEqual(['README.md', 'dist', 'package.json', 'templates']);
    expect(packed.files.filter((file) => /\.test\.|tsbuildinfo|\.sqlite3/.test(file.path))).toEqual([]);
  });

  it('--version, init, plan and render work', () => {
    const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
    expect(deploykit('--version').stdout).toBe(`${version}\n`);
    expect(deploykit('init').stdout).toContain('s1:app');
    expect(deploykit('plan', '-t', 'systemd', '--async', '100').stdout).toContain('gevent');
    expect(deploykit('render', '-t', 'systemd', '--async', '100').stdout).toContain(
      'gevent-early-monkey-patch = true',
    );
  });

  it('publint has no complaint', () => {
    const { stdout, status } = spawnSync(process.execPath, ['node_modules/publint/src/cli.js', '--strict'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(status, stdout).toBe(0);
  });
});
