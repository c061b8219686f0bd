import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadDuring } from '../../src/bench/drill/load-during.js';
import { type CliResult, cli } from '../helpers/cli.js';
import { describeWith, docker, EL_BASE } from '../helpers/rigs.js';
import { tempProject } from '../helpers/temp.js';
import { versioned } from '../rigs/drill/apps.mjs';

const SHAPE = ['--base', EL_BASE, '--port', '0', '--async', '20', '--processes', '1'];
// Three replicas fit, and no fourth.
const memory = (): string =>
  `${Math.floor(Number(docker('info', '--format', '{{.MemTotal}}')) / 3.2 / 1024 ** 2)}m`;
const config = (replicas: number | null): string => `name = "live-operate"
[app]
module = "s1:app"
[front]
kind = "nginx"
[target.docker]
kind = "docker"
memory = "${memory()}"
${replicas === null ? '' : `replicas = ${replicas}`}
`;

describeWith('docker', 'a deployment in containers, operated', () => {
  const files = { 's1.py': versioned(0), 'requirements.txt': 'flask\n', 'deploykit.toml': config(null) };
  const dir = tempProject(files, { keep: true });
  const write = (name: string, text: string): void => writeFileSync(path.join(dir, name), text);
  const deploykit = (...args: string[]): Promise<CliResult> => cli([...args, '--json'], { cwd: dir });
  const up = (...args: string[]): Promise<CliResult> => deploykit('up', ...SHAPE, ...args);
  const servers = (): string[] => {
    const filters = [`label=dev.deploykit.project=${dir}`, 'label=dev.deploykit.role=server'];
    const argv = filters.flatMap((filter) => ['--filter', filter]);
    return docker('ps', '--format', '{{.Names}}', ...argv)
      .split('\n')
      .sort();
  };
  let served: { release: string; endpoint: Parameters<typeof loadDuring>[0]['target']['endpoint'] };

  beforeAll(async () => {
    const { json, stderr } = await up();
    expect(json?.ok, stderr).toBe(true);
    served = json.data;
  });
  afterAll(async () => {
    await deploykit('down', '--purge');
    rmSync(dir, { recursive: true, force: true });
  });

  it('scale adds and removes replicas and loses no request; up keeps the number, or takes the one of the file', async () => {
    const target = { endpoint: served.endpoint, path: '/', method: 'GET', headers: {}, timeoutMs: 60_000 };
    const load = { target, rate: 40, keepAlive: true, marginMs: 300 };
    const { count, outcome } = await loadDuring(load, async () => {
      const more = (await deploykit('scale', '2')).json;
      const names = servers();
      const again = (await up()).json;
      return { more, names, again, fewer: (await deploykit('scale', '1')).json };
    });
    if ('error' in outcome) throw outcome.error;
    const { more, names, again, fewer } = outcome.value;
    const { release } = served;
    expect(more).toMatchObject({ ok: true, data: { before: 1, after: 2, release } });
    expect(more.data.later).toMatch(/^the next up keeps them/);
    expect(names.map((name) => name.split('.').at(-1))).toEqual(['1', '2']);
    expect(again.data).toMatchObject({ changed: false, release });
    expect(fewer).toMatchObject({ ok: true, data: { before: 2, after: 1 } });
    expect(servers()).toHaveLength(1);
    expect(count).toMatchObject({ failed: 0, errors: {} });
    expect(count.requests).toBeGreaterThan(100);
    const { error } = (await deploykit('scale', '4')).json;
    expect(error).toMatchObject({
      code: 'DK_SCALE',
      hint: expect.stringContaining('At most 3 replicas fit'),
    });
    write('deploykit.toml', config(2));
    expect((await deploykit('scale', '1')).json.data.later).toMatch(/goes back to .*replicas = 2/);
    expect((await up()).json.data.changed).toBe(true);
    expect(servers()).toHaveLength(2);
  });

  it('status tells of each container what can be known', async () => {
    const first = served.endpoint.port;
    const [name = ''] = servers();
    const [worker] = (await deploykit('status')).json.data.containers[1].stats.workerPids;
    docker('exec', name, 'sh', '-c', `kill -9 ${worker}`);
    const load = Promise.all(
      Array.from({ length: 20 }, () => fetch(`http://127.0.0.1:${first}/`).then((answer) => answer.text())),
    );
    const { json } = await deploykit('status');
    await load;
    expect(json.data).toMatchObject({
      running: true,
      stats: { slots: 40 },
      restarts: { service: 0, workers: 1 },
      memory: { bytes: expect.any(Number), limitBytes: expect.any(Number) },
      lastError: { at: expect.stringMatching(/^20.*Z$/), text: expect.stringContaining('died') },
    });
    expect(json.data.requestsPerSecond).toBeGreaterThanOrEqual(0);
    const rows = json.data.containers as { name: string; state: string; health: string | null }[];
    expect(rows.map(({ name: row, state }) => [row, state])).toEqual([
      ['front', 'running'],
      ['1', 'running'],
      ['2', 'running'],
    ]);
    const { stdout } = await cli(['status'], { cwd: dir });
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });
});
