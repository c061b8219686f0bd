import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { BenchResult } from '../../src/bench/types.js';
import { slotServer } from './servers.js';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

interface Ended {
  code: number;
  stdout: string;
}

/** Runs a bench and sends it `signal` as soon as stderr shows `step`, `afterMs` later. */
async function interrupted(
  args: string[],
  { step, afterMs, signal = 'SIGINT' }: { step: RegExp; afterMs: number; signal?: 'SIGINT' | 'SIGTERM' },
): Promise<Ended> {
  const { endpoint } = await slotServer(8, 200);
  const url = `http://127.0.0.1:${endpoint.port}/`;
  const argv = [CLI, 'bench', '--url', url, '--async', '8', '-v', ...args];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  let sent = false;
  child.stdout.on('data', (piece: Buffer) => (stdout += String(piece)));
  child.stderr.on('data', (piece: Buffer) => {
    stderr += String(piece);
    if (sent || !step.test(stderr)) return;
    sent = true;
    setTimeout(() => child.kill(signal), afterMs);
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, stdout };
}

describe.concurrent('Ctrl-C prints what was measured, marked partial, and exits 130', () => {
  test.each<[string, string[], RegExp, keyof BenchResult]>([
    ['in the closed loop', ['--no-wave', '-d', '60s'], /Throughput/, 'throughput'],
    ['in the open loop', ['--no-wave', '--rate', '20', '-d', '60s'], /Open loop/, 'openLoop'],
    ['in the sweep', ['--no-wave', '--sweep', '-d', '5s'], /4 clients/, 'sweep'],
    ['in the soak', ['--no-wave', '--soak', '60s'], /Soak/, 'soak'],
    ['beside another path', ['--no-wave', '--with', '/x', '-d', '60s'], /alone/, 'interference'],
    ['after the wave test', ['-d', '60s'], /Throughput/, 'wave'],
  ])('%s', { timeout: 60_000 }, async (_, args, step, part) => {
    const { code, stdout } = await interrupted([...args, '--json'], { step, afterMs: 500 });
    expect(code).toBe(130);
    const { ok, data, error } = JSON.parse(stdout) as { ok: boolean; data: BenchResult; error: object };
    expect({ ok, error }).toMatchObject({ ok: false, error: { code: 'DK_INTERRUPTED' } });
    expect(data).toMatchObject({ partial: true, verdict: 'INCONCLUSIVE', [part]: expect.anything() });
    expect(data.reasons[0]).toMatch(/^Interrupted/);
  });

  test('the page says so', { timeout: 60_000 }, async () => {
    const args = ['--no-wave', '-d', '60s'];
    const { code, stdout } = await interrupted(args, { step: /Throughput/, afterMs: 500 });
    expect(code).toBe(130);
    expect(stdout).toMatch(/^PARTIAL {2}Interrupted/);
    expect(stdout).toMatch(/measured +\d/);
  });

  test('before anything was measured', { timeout: 60_000 }, async () => {
    const { code, stdout } = await interrupted(['--json'], { step: /one request at a time/, afterMs: 100 });
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, data: null, error: { code: 'DK_INTERRUPTED' } });
  });

  test('SIGTERM: the same, exit 143', { timeout: 60_000 }, async () => {
    const args = ['--no-wave', '-d', '60s', '--json'];
    const ended = await interrupted(args, { step: /Throughput/, afterMs: 500, signal: 'SIGTERM' });
    expect(ended.code).toBe(143);
    expect(JSON.parse(ended.stdout).data.partial).toBe(true);
  });
});
