import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { VERBS } from '../../src/commands/declare.js';
import { declaredVerbs } from '../../src/commands/declared.js';
import { bashCompletion } from '../../src/report/completion/bash.js';
import { fishCompletion } from '../../src/report/completion/fish.js';
import { zshCompletion } from '../../src/report/completion/zsh.js';
import { cli } from '../helpers/cli.js';
import { tempProject } from '../helpers/temp.js';

const verbs = declaredVerbs();
const PROJECT = { 'deploykit.toml': '[target.prod]\nkind = "systemd"\n[target.edge-1]\nkind = "docker"\n' };

function run(shell: string, args: string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(shell, args, { cwd, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout;
}

// A path of this shell, or a reason: a machine without it cannot test it.
const isThere = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

describe('completion', () => {
  const dir = tempProject(PROJECT, { keep: true });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  const script = path.join(dir, 'completion.bash');
  writeFileSync(script, bashCompletion(verbs));
  const complete = (...words: string[]): string[] => {
    const line = words.map((word) => `'${word}'`).join(' ');
    const program = `source ${script}
COMP_WORDS=(deploykit ${line}); COMP_CWORD=${words.length}; _deploykit; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return run('bash', ['--norc', '-uc', program], dir).split('\n').filter(Boolean);
  };

  it('bash: every verb, the flags of one, the choices of a flag, the targets of the project', () => {
    expect(complete('')).toEqual([...Object.keys(VERBS), '--help', '--version']);
    expect(complete('re')).toEqual(['releases', 'reload', 'render']);
    expect(complete('up', '--as')).toEqual(['--async']);
    expect(complete('render', '--format', '')).toEqual(['compose', 'quadlet']);
    expect(complete('lint', '--format', 's')).toEqual(['sarif']);
    expect(complete('status', '-t', '')).toEqual(['docker', 'process', 'systemd', 'prod', 'edge-1']);
    expect(complete('completion', '')).toContain('fish');
    expect(complete('up', '--base', '')).toEqual([]); // files, by the shell itself
    expect(complete('lint', '')).toEqual([]);
    const elsewhere = tempProject({ 'pyproject.toml': '[tool.deploykit.target.web]\nkind = "docker"\n' });
    expect(complete('up', '-C', elsewhere, '--target', 'w')).toEqual(['web']);
  });

  it('every flag that is declared is offered', () => {
    for (const { name, options } of verbs) {
      const offered = complete(name, '-');
      for (const { names } of options)
        for (const flag of names) expect(offered, `${name} ${flag}`).toContain(flag);
    }
  });

  it.skipIf(!isThere('fish'))('fish: the same', () => {
    const file = path.join(dir, 'deploykit.fish');
    writeFileSync(file, fishCompletion(verbs));
    const offered = (line: string): string[] =>
      run('fish', ['--no-config', '-c', `source ${file}; complete -C '${line}'`], dir)
        .split('\n')
        .map((each) => each.split('\t')[0] ?? '')
        .filter(Boolean);
    expect(offered('deploykit re').sort()).toEqual(['releases', 'reload', 'render']);
    expect(offered('deploykit status -t ').sort()).toEqual([
      'docker',
      'edge-1',
      'process',
      'prod',
      'systemd',
    ]);
    expect(offered('deploykit render --format ')).toEqual(['compose', 'quadlet']);
  });

  it.skipIf(!isThere('zsh'))('zsh: it is read, and names every verb', () => {
    const file = path.join(dir, '_deploykit');
    writeFileSync(file, zshCompletion(verbs));
    run('zsh', ['-n', file], dir);
    // The words that compadd gets, without a terminal.
    const program = `autoload -Uz compinit; compinit -u -D; compdef() { :; }; _describe() { print -l -- $verbs; }
source ${file}; CURRENT=2; words=(deploykit ''); _deploykit`;
    const names = run('zsh', ['-fc', program], dir)
      .split('\n')
      .filter(Boolean)
      .map((each) => each.split(':')[0]);
    expect(names).toEqual(Object.keys(VERBS));
  });

  it('the verb prints them, and refuses another shell', async () => {
    expect((await cli(['completion', 'bash'])).stdout).toBe(bashCompletion(verbs));
    expect(await cli(['completion', 'tcsh'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('bash, zsh, fish'),
    });
  });
});
