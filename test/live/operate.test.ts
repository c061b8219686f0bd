import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadDuring } from '../../src/bench/drill/load-during.js';
import { type CliResult, cli, ROOT } from '../helpers/cli.js';
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
    // The master looks after its workers once a second.
    const restarts = async (): Promise<number> => (await deploykit('status')).json.data.restarts.workers;
    await expect.poll(restarts, { timeout: 30_000 }).toBe(1);
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

  it('events tell of changes, workers, and what others did; and go on', async () => {
    const lines: Record<string, string>[] = [];
    const follower = spawn(process.execPath, [path.join(ROOT, 'dist/cli.js'), 'events', '-f', '--json'], {
      cwd: dir,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    createInterface({ input: follower.stdout }).on('line', (line) => lines.push(JSON.parse(line)));
    const [name = ''] = servers();
    const seen = (event: string, by: string | null): Promise<void> =>
      vi.waitFor(() => expect(lines).toContainEqual(expect.objectContaining({ event, by })), {
        timeout: 30_000,
      });
    await seen('worker.died', null); // killed above, told by the log
    docker('pause', name);
    docker('unpause', name);
    await seen('container.unpaused', 'outside');
    expect((await deploykit('scale', '2')).json.ok).toBe(true);
    await vi.waitFor(() => expect(lines.at(-1)).toMatchObject({ event: 'scale.done' }), { timeout: 10_000 });
    const ended = once(follower, 'close');
    follower.kill('SIGINT');
    await ended;
    const { events } = (await deploykit('events')).json.data;
    const journal = events.filter(({ source }: { source: string }) => source === 'journal');
    expect(journal.map(({ event }: { event: string }) => event)).toEqual([
      ...['update.began', 'switch', 'update.done'],
      ...['scale.began', 'scale.done', 'scale.began', 'drain', 'scale.done', 'scale.began', 'scale.done'],
      ...['update.began', 'switch', 'drain', 'update.done', 'scale.began', 'scale.done'],
    ]);
    const none = (await deploykit('events', '--since', '0s')).json.data.events;
    expect(none.filter(({ source }: { source: string }) => source === 'journal')).toEqual([]);
  });

  describe('what is changed from outside is shown by diff, and mended by up', () => {
    type Found = { kind: string; what: string; message: string; diff: string; mend: string | null };
    const front = 'deploykit-live-operate.front';
    // Its root is read-only from inside; who is root on the engine's machine writes all the same.
    const append = (name: string, file: string, line: string): void => {
      const root = docker('inspect', '--format', '{{.GraphDriver.Data.MergedDir}}', name);
      appendFileSync(path.join(root, file), line);
    };
    const drift = async (): Promise<Found[]> => (await deploykit('diff', ...SHAPE)).json.data.drift;

    const kinds = (found: Found[]): string[][] => found.map(({ kind, what }) => [what, kind]);

    it('an edited ini, a stopped replica; a front with another name, other files and no order to restart', async () => {
      const [name = '', second = ''] = servers();
      append(name, 'etc/deploykit/uwsgi.ini', 'lazy-apps = false\n');
      docker('stop', '-t', '1', second);
      docker(
        'exec',
        '-u',
        '0',
        front,
        'sh',
        '-c',
        'echo "# mine" >> /etc/deploykit-front/current/nginx-site.conf',
      );
      docker('rename', front, 'live-operate-mine');
      docker('update', '--restart', 'no', 'live-operate-mine');
      const { exitCode, json } = await deploykit('diff', ...SHAPE);
      expect(exitCode).toBe(4);
      const found: Found[] = json.data.drift;
      expect(kinds(found)).toEqual([
        ['live-operate-mine', 'renamed'],
        ['live-operate-mine', 'policy'],
        ['live-operate-mine', 'site'],
        [second, 'stopped'],
        [name, 'files'],
      ]);
      expect(found[2]?.diff).toContain('+# mine');
      expect(found[4]?.diff).toContain('+lazy-apps = false');
      const plan = (await up('--dry-run')).json.data;
      expect(plan.steps.filter((step: string) => step.startsWith('mend'))).toHaveLength(5);
      const { changed, mended } = (await up()).json.data;
      expect(changed).toBe(true);
      expect(mended).toHaveLength(5);
      expect(docker('inspect', '--format', '{{.HostConfig.RestartPolicy.Name}}', front)).toBe('always');
    });

    it('another memory limit, a pause, another network, a removed replica, a container of others', async () => {
      const [name = '', second = ''] = servers();
      docker('rm', '-f', second);
      docker('update', '--memory', '200m', '--memory-swap', '400m', name);
      docker('network', 'create', 'live-operate-net');
      docker('network', 'connect', 'live-operate-net', name);
      docker('pause', name);
      const volume = 'deploykit-live-operate.sockets';
      docker('create', '--name', 'live-operate-foreign', '-v', `${volume}:/x`, EL_BASE, 'true');
      try {
        const found = await drift();
        expect(kinds(found)).toEqual([
          [second, 'missing'],
          [name, 'stopped'],
          [name, 'limits'],
          [name, 'network'],
          ['live-operate-foreign', 'foreign'],
        ]);
        expect(found[2]?.message).toMatch(/^memory is 200 MB, and \d+ MB was given/);
        const result = (await up()).json;
        expect(result.data.changed).toBe(true);
        expect(result.warnings.join()).toMatch(/live-operate-foreign.*left alone/);
        expect(await drift()).toMatchObject([{ kind: 'foreign', mend: null }]);
      } finally {
        docker('rm', 'live-operate-foreign');
        docker('network', 'rm', 'live-operate-net');
      }
      const { changes, files: differing, steps } = (await up('--dry-run')).json.data;
      expect({ changes, differing, steps }).toEqual({ changes: false, differing: [], steps: [] });
      expect((await cli(['diff', ...SHAPE], { cwd: dir })).stdout).toBe('no changes\n');
    });

    it.each([['reload'], ['down']])('what is paused goes on before %s', async (command) => {
      for (const name of [...servers(), front]) docker('pause', name);
      const { json, stderr } = await deploykit(command);
      expect(json.ok, stderr).toBe(true);
    });
  });
});
