import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadDuring } from '../../src/bench/drill/load-during.js';
import { type CliResult, cli } from '../helpers/cli.js';
import { DEBIAN_BASE, describeWith, docker } from '../helpers/rigs.js';
import { tempProject } from '../helpers/temp.js';
import { versioned } from '../rigs/drill/apps.mjs';

const CONFIG = `name = "live-kill"
[app]
module = "s1:app"
[front]
kind = "nginx"
`;

// Of the points of `npm run drill:kill` one before, one at and one after the switch.
describeWith('docker', 'a command line that is killed', () => {
  const files = { 's1.py': versioned(0), 'requirements.txt': 'flask\n', 'deploykit.toml': CONFIG };
  const dir = tempProject(files, { keep: true });
  const where = ['-t', 'docker', '--base', DEBIAN_BASE, '--port', '0', '--async', '20', '--processes', '2'];
  const up = (): Promise<CliResult> => cli(['up', ...where, '--json'], { cwd: dir });
  let target: Parameters<typeof loadDuring>[0]['target'];

  beforeAll(async () => {
    const { json, stderr } = await up();
    expect(json?.ok, stderr).toBe(true);
    const { endpoint } = json.data;
    target = { endpoint, path: '/', method: 'GET', headers: {}, timeoutMs: 60_000 };
  });
  afterAll(async () => {
    await cli(['down', '-t', 'docker', '--purge'], { cwd: dir });
    rmSync(dir, { recursive: true, force: true });
  });

  it.each([
    ['  start ', 1],
    ['• Switching', 2],
    ['• Draining', 3],
  ])('at "%s" loses no request, and the next up puts everything right', async (step, version) => {
    writeFileSync(path.join(dir, 's1.py'), versioned(version));
    const { count, outcome } = await loadDuring(
      { target, rate: 20, keepAlive: false, marginMs: 500 },
      async () => {
        const killed = await cli(['up', ...where, '-v'], {
          cwd: dir,
          onStderr: (text, kill) => void (text.includes(`\n${step}`) && kill('SIGKILL')),
        });
        return { exitCode: killed.exitCode, next: await up() };
      },
    );
    if ('error' in outcome) throw outcome.error;
    expect(outcome.value.exitCode).toBeNull();
    expect(outcome.value.next.json, outcome.value.next.stderr).toMatchObject({ ok: true });
    expect(count).toMatchObject({ failed: 0, errors: {} });
    const { host, port } = target.endpoint;
    expect(await (await fetch(`http://${host}:${port}/`)).text()).toBe(`${version}\n`);
    const filter = ['--filter', `label=dev.deploykit.project=${dir}`];
    const states = docker('ps', '-a', '--format', '{{.State}}', ...filter).split('\n');
    expect(states.filter((state) => state !== 'exited')).toEqual(['running', 'running']);
  });

  it('between making the lock and taking it locks nobody out, and the next up leaves nothing', async () => {
    const lock = 'deploykit-live-kill.lock';
    const labels = ['name=live-kill', `project=${dir}`, 'role=lock'];
    const given = labels.flatMap((label) => ['--label', `dev.deploykit.${label}`]);
    docker('create', '--name', lock, ...given, DEBIAN_BASE, 'true');
    const { json, stderr } = await up();
    expect(json, stderr).toMatchObject({ ok: true });
    expect(docker('ps', '-aq', '--filter', `name=${lock}`)).toBe('');
    expect((await up()).json.data.changed).toBe(false);
  });
});
