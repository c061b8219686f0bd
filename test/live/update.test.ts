import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadDuring } from '../../src/bench/drill/load-during.js';
import { type CliResult, cli } from '../helpers/cli.js';
import { describeWith, docker, EL_BASE } from '../helpers/rigs.js';
import { tempProject } from '../helpers/temp.js';
import { BROKEN, versioned } from '../rigs/drill/apps.mjs';

const SHAPE = ['--base', EL_BASE, '--port', '0', '--async', '20', '--processes', '2'];
const shared = tempProject({ note: 'of the host' }, { keep: true });
// For the user of the containers.
chmodSync(shared, 0o755);
const config = (command: string | null, server = ''): string => `name = "live-update"
[app]
module = "s1:app"
${command ? `release_command = ${JSON.stringify(command)}` : ''}
[server]
${server}
[front]
kind = "nginx"
[target.docker]
kind = "docker"
volumes = ["${shared}:/srv/shared:ro"]
`;
// More than nginx takes (uwsgi_buffer_size).
const TOO_LARGE_A_HEADER = `
@app.route("/health")
def health():
    return "ok", 200, {"X-Large": "x" * 100000}
`;

describeWith('docker', 'updates behind the front', () => {
  const files = { 's1.py': versioned(0), 'requirements.txt': 'flask\n', 'deploykit.toml': config(null) };
  const dir = tempProject(files, { keep: true });
  const write = (name: string, text: string): void => writeFileSync(path.join(dir, name), text);
  const deploykit = (...args: string[]): Promise<CliResult> =>
    cli([...args, '-t', 'docker', '--json'], { cwd: dir });
  const up = (): Promise<CliResult> => deploykit('up', ...SHAPE);
  const states = (): string[] =>
    docker('ps', '-a', '--format', '{{.State}}', '--filter', `label=dev.deploykit.project=${dir}`)
      .split('\n')
      .sort();
  let served: { release: string; endpoint: Parameters<typeof loadDuring>[0]['target']['endpoint'] };

  beforeAll(async () => {
    const { json, stderr } = await up();
    expect(json?.ok, stderr).toBe(true);
    served = json.data;
  });
  afterAll(async () => {
    await deploykit('down', '--purge');
    for (const folder of [dir, shared]) rmSync(folder, { recursive: true, force: true });
  });

  // Work under a load; not one request may be lost.
  async function underLoad<T>(work: () => Promise<T>): Promise<T> {
    const target = { endpoint: served.endpoint, path: '/', method: 'GET', headers: {}, timeoutMs: 60_000 };
    const { count, outcome } = await loadDuring({ target, rate: 20, keepAlive: true, marginMs: 500 }, work);
    expect(count).toMatchObject({ failed: 0, errors: {} });
    expect(count.requests).toBeGreaterThan(20);
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  }
  const answer = async (): Promise<string> =>
    (await fetch(`http://127.0.0.1:${served.endpoint.port}/`)).text();

  it('up again changes nothing', async () => {
    expect((await up()).json.data).toMatchObject({ changed: false, release: served.release });
  });

  it('an update with other limits, a rollback and a reload lose no request', async () => {
    const front = (): string =>
      docker('inspect', '--format', '{{.Id}} {{.State.StartedAt}}', 'deploykit-live-update.front');
    const before = front();
    write('s1.py', versioned(1));
    write('deploykit.toml', config(null, 'request_timeout = 60\nlisten = 2000\n'));
    const { json, stderr } = await underLoad(up);
    expect(json).toMatchObject({ ok: true, data: { changed: true } });
    expect(stderr).toMatch(/^• Building .*\n[\s\S]*^• Switching to /m);
    expect(json.warnings).toEqual([]);
    expect(await answer()).toBe('1\n');
    expect(front()).toBe(before);
    const site = docker(
      'exec',
      'deploykit-live-update.front',
      'cat',
      '/etc/deploykit-front/current/nginx-site.conf',
    );
    expect(site).toContain('uwsgi_read_timeout 65s;');
    expect(site).toContain('backlog=2000;');
    const back = await underLoad(() => deploykit('rollback'));
    expect(back.json.data.release).toBe(served.release);
    expect(back.stderr).toContain('• Switching to ');
    expect(await answer()).toBe('0\n');
    const { stdout, stderr: told } = await underLoad(() => deploykit('reload'));
    expect(stdout).toContain('"reloaded": true');
    expect(told).toMatch(/^• /m);
    const filter = ['--filter', `label=dev.deploykit.project=${dir}`, '--filter', 'label=dev.deploykit.set'];
    const [server = ''] = docker('ps', '-q', ...filter).split('\n');
    expect(docker('exec', server, 'cat', '/srv/shared/note')).toBe('of the host');
    const { data } = (await deploykit('releases')).json;
    expect(data.releases.map(({ id, current, healthy }: never) => ({ id, current, healthy }))).toEqual([
      { id: served.release, current: true, healthy: true },
      { id: json.data.release, current: false, healthy: true },
    ]);
    expect(states()).toEqual(['exited', 'running', 'running']);
  });

  it('a release whose answers the front refuses is taken back, and no request is lost', async () => {
    write('s1.py', `${versioned(2, 1)}${TOO_LARGE_A_HEADER}`);
    write('deploykit.toml', config(null).replace('[app]', '[app]\nhealth = "/health"'));
    const { json, stderr } = await underLoad(up);
    expect(stderr).toContain('• Switching to ');
    expect(json.error).toMatchObject({
      code: 'DK_SERVER_FAILED',
      message: 'the front answers 502 instead of the application',
    });
    expect(await answer()).toBe('0\n');
    expect(states()).toEqual(['exited', 'running', 'running']);
  });

  it.each(BROKEN)('a release that is broken by $kind never serves', async ({ app, command, says }) => {
    write('s1.py', app);
    write('deploykit.toml', config(command));
    const { json, exitCode } = await underLoad(up);
    expect(exitCode).toBe(1);
    expect(`${json.error.message}\n${json.error.excerpt}`).toMatch(says);
    expect(await answer()).toBe('0\n');
    expect(states()).toEqual(['exited', 'running', 'running']);
  });

  it('a drill counts what a user would lose', async () => {
    write('s1.py', versioned(0));
    write('deploykit.toml', config(null));
    const { json, stderr } = await deploykit('drill', ...SHAPE, '--event', 'kill worker', '--keep-alive');
    expect(json?.data.events, stderr).toMatchObject([{ event: 'kill worker', failed: 0, problem: null }]);
    expect(stderr).toMatch(/^• .*kill worker/m);
  });
});
