import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROOT } from '../helpers/cli.js';
import { describeWith, docker } from '../helpers/rigs.js';
import { tempProject } from '../helpers/temp.js';
import { TIMED } from '../helpers/timed.js';

// What a stranger does first: clone, one command. The clone is of what is committed.
describeWith('process', 'npm run demo in a clean clone', () => {
  const folder = tempProject({}, { keep: true });
  const clone = path.join(folder, 'deploykit');
  beforeAll(() => {
    expect(spawnSync('git', ['clone', '--quiet', ROOT, clone]).status).toBe(0);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const demo = (args: string[], env: Record<string, string> = {}) => {
    const own: Record<string, string | undefined> = { ...process.env, TMPDIR: folder, ...env };
    // Set by the runners of these tests; a stranger's shell has neither.
    for (const name of ['DEPLOYKIT_CACHE', 'DEPLOYKIT_REQUIRE', 'NODE_ENV', 'VITEST']) delete own[name];
    const options = { cwd: clone, env: own, encoding: 'utf8' } as const;
    return spawnSync('npm', ['run', '--silent', 'demo', '--', '--quick', ...args], options);
  };

  it('without an engine: straight on this machine, the table, exit 0, nothing left', () => {
    const { status, stdout, stderr } = demo([], { DOCKER_HOST: 'unix:///nowhere/docker.sock' });
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(/Side by side +sync +threads +gevent\n/);
    expect(stdout).toMatch(/slots proven +1 +100 +100\n/);
    expect(stderr).toContain('target process: no Docker engine answers');
    expectNothingLeft();
  });

  describeWith('docker', 'with an engine and a base image', () => {
    it('in a container, one JSON document, nothing left', TIMED, () => {
      const { status, stdout, stderr } = demo(['--json']);
      expect(status, stderr).toBe(0);
      const { data } = JSON.parse(stdout);
      expect(data.target).toBe('docker');
      expect(data.sides).toMatchObject([
        { label: 'sync', claim: { slots: 1 }, wave: { sent: 3, waves: [1, 1, 1], verdict: 'PASS' } },
        { label: 'threads', claim: { slots: 100 }, wave: { effectiveConcurrency: 100, verdict: 'PASS' } },
        { label: 'gevent', claim: { slots: 100 }, wave: { effectiveConcurrency: 100, verdict: 'PASS' } },
      ]);
      const [sync, , gevent] = data.sides;
      expect(data.comparisons[0].ratio).toBeGreaterThan(4.5);
      expect(gevent.crowd.requestsPerSecond / sync.crowd.requestsPerSecond).toBeGreaterThan(50);
      expect(gevent.load.abWouldPrint / gevent.load.requestsPerSecond).toBeCloseTo(2 / 3, 1);
      expectNothingLeft();
    });
  });

  function expectNothingLeft(): void {
    expect(readdirSync(folder)).toEqual(['deploykit']);
    const running = readdirSync('/proc').filter(
      (name) => /^\d+$/.test(name) && commandOf(name).includes(`${folder}/`),
    );
    expect(running.map(commandOf)).toEqual([]);
    if (spawnSync('docker', ['version'], { stdio: 'ignore' }).status !== 0) return;
    expect(
      docker('ps', '-a', '--format', '{{.Label "dev.deploykit.project"}}')
        .split('\n')
        .filter((dir) => dir.startsWith(folder)),
    ).toEqual([]);
  }
});

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
    throw error;
  }
}
