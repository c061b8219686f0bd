import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadDuring } from '../../src/bench/drill/load-during.js';
import { type CliResult, cli } from '../helpers/cli.js';
import { describeWith } from '../helpers/rigs.js';
import { tempProject } from '../helpers/temp.js';
import { versioned } from '../rigs/drill/apps.mjs';

const CONFIG = `[app]
module = "s1:app"
[server]
processes = 2
async = 20
port = 0
max_requests = 15
`;
const RATE = 20;

describeWith('process', 'a drill without nginx', () => {
  // A request of a second: some are in flight whenever a worker dies.
  const files = { 's1.py': versioned(0, 1), 'requirements.txt': 'flask\n', 'deploykit.toml': CONFIG };
  const dir = tempProject(files, { keep: true });
  const deploykit = (...args: string[]): Promise<CliResult> =>
    cli([...args, '-t', 'process', '--json'], { cwd: dir });
  const workers = async (): Promise<number[]> =>
    (await deploykit('status')).json.data.stats?.workerPids ?? [];
  let endpoint: Parameters<typeof loadDuring>[0]['target']['endpoint'];

  const load = (): Parameters<typeof loadDuring>[0] => {
    const target = { endpoint, path: '/', method: 'GET', headers: {}, timeoutMs: 60_000 };
    return { target, rate: RATE, keepAlive: false, marginMs: 500 };
  };

  beforeAll(async () => {
    const { json, stderr } = await deploykit('up');
    expect(json?.ok, stderr).toBe(true);
    endpoint = json.data.endpoint;
  });
  afterAll(async () => {
    await deploykit('down', '--purge');
    rmSync(dir, { recursive: true, force: true });
  });

  it('an update keeps the port and the process that has it, and requests wait', async () => {
    const { json: before } = await deploykit('status');
    writeFileSync(path.join(dir, 's1.py'), versioned(1, 1));
    const { count, outcome } = await loadDuring(load(), () => deploykit('up'));
    expect(outcome).toMatchObject({ value: { json: { ok: true, data: { changed: true } } } });
    expect(count).toMatchObject({ failed: 0, errors: {} });
    expect(await (await fetch(`http://127.0.0.1:${endpoint.port}/`)).text()).toBe('1\n');
    expect((await deploykit('status')).json.data.id).toBe(before.data.id);
  });

  it('workers that served max_requests are replaced, and no request is lost', async () => {
    const old = await workers();
    const { count, outcome } = await loadDuring(load(), async () => {
      const deadline = Date.now() + 60_000;
      for (;;) {
        const now = await workers();
        if (now.length === 2 && !now.some((pid) => old.includes(pid))) return 'replaced';
        if (Date.now() > deadline) return 'still there';
        await pause(500);
      }
    });
    expect(outcome).toEqual({ value: 'replaced' });
    expect(count).toMatchObject({ failed: 0, errors: {} });
  });

  it('what a killed worker had in flight is lost, no more, and the drill says so', async () => {
    const { json, exitCode } = await deploykit('drill', '--event', 'kill worker', '--rate', String(RATE));
    const [{ requests, failed, problem, nature }] = json.data.events;
    expect(problem).toBeNull();
    expect(failed).toBeGreaterThan(0);
    expect(failed).toBeLessThanOrEqual(20);
    expect(requests).toBeGreaterThan(failed);
    expect(nature).toMatch(/in flight ends with it/);
    expect(json.error.hint).toContain(nature);
    expect(exitCode).toBe(6);
  });
});
