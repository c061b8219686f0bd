import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { type CliResult, cli } from '../helpers/cli.js';
import { describeWith, docker, EL_BASE, volumesOf } from '../helpers/rigs.js';
import { tempProject } from '../helpers/temp.js';
import { versioned } from '../rigs/drill/apps.mjs';

const PROJECT = '[app]\nmodule = "s1:app"\n';
const NONE = `${PROJECT}[front]\nkind = "none"\n`;

describeWith('docker', 'one container without a front', () => {
  const files = { 's1.py': versioned(0, 0), 'requirements.txt': 'flask\n', 'deploykit.toml': NONE };
  const dir = tempProject(files, { keep: true });
  const write = (name: string, text: string): void => writeFileSync(path.join(dir, name), text);
  const up = (): Promise<CliResult> =>
    cli(['up', '-t', 'docker', '--base', EL_BASE, '--port', '0'], { cwd: dir });
  const roles = (): string[] =>
    docker(
      ...['ps', '-a', '--filter', `label=dev.deploykit.project=${dir}`],
      ...['--format', '{{.Label "dev.deploykit.role"}} {{.State}}'],
    )
      .split('\n')
      .sort();
  const answer = async (): Promise<string> => {
    const { json } = await cli(['status', '--json'], { cwd: dir });
    return (await fetch(json.data.url)).text();
  };
  afterAll(async () => {
    await cli(['down', '-t', 'docker', '--purge'], { cwd: dir });
    rmSync(dir, { recursive: true, force: true });
  });

  it('has the port; an update says that it interrupts, and a broken one gives the port back', async () => {
    const first = await up();
    expect(first.exitCode, first.stderr).toBe(0);
    expect(roles()).toEqual(['server running']);
    expect((await up()).stdout).toContain('no changes');
    write('s1.py', versioned(1, 0));
    expect((await up()).stderr).toContain('this update interrupts');
    expect(await answer()).toBe('1\n');
    write('s1.py', `${versioned(2, 0)}raise SystemExit("no")\n`);
    expect((await up()).exitCode).toBe(1);
    expect(await answer()).toBe('1\n');
    expect(roles()).toEqual(['server running']);
  });

  it('gives the port to a front, and takes it back', async () => {
    write('s1.py', versioned(3, 0));
    write('deploykit.toml', PROJECT);
    const fronted = await up();
    expect(fronted.stderr).toContain('requests are refused for a moment');
    expect(fronted.exitCode, fronted.stderr).toBe(0);
    expect(roles()).toEqual(['front running', 'server running']);
    expect(await answer()).toBe('3\n');
    write('deploykit.toml', NONE);
    expect((await up()).stderr).toContain('this update interrupts');
    expect(roles()).toEqual(['server running']);
    expect(await answer()).toBe('3\n');
    const name = path.basename(dir).toLowerCase();
    expect(volumesOf(name)).toEqual([]);
  });
});
