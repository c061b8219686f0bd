import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import http from 'node:http';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDjangoProject, TUTORIAL } from '../helpers/apps.js';
import { type CliResult, cli } from '../helpers/cli.js';
import { describeWith, EL_BASE } from '../helpers/rigs.js';
import { tempProject } from '../helpers/temp.js';
import { TIMED } from '../helpers/timed.js';

const run = promisify(execFile);
const SHAPES = {
  '2 × 100 greenlets, 220 at once: 200 and 20': [
    ['--processes', '2', '--async', '100'],
    [200, 20],
  ],
  '2 × 4 threads, 10 at once: 8 and 2': [
    ['--processes', '2', '--threads', '4'],
    [8, 2],
  ],
} as const;

for (const target of ['process', 'docker'] as const) {
  const where = ['-t', target, ...(target === 'docker' ? ['--base', EL_BASE] : [])];
  describeWith(target, `the tutorial's application on ${target}`, () => {
    const dir = tempProject(TUTORIAL, { keep: true });
    const deploykit = (...args: string[]): Promise<CliResult> => cli([...args, '--json'], { cwd: dir });
    const up = async (...args: string[]): Promise<CliResult> => {
      const result = await deploykit('up', ...where, '--port', '0', ...args);
      expect(result.stdout, result.stderr).toContain('"ok": true');
      return result;
    };
    beforeAll(async () => {
      expect((await deploykit('init')).json).toMatchObject({ ok: true });
    });
    afterAll(async () => {
      await deploykit('down', '-t', target, '--purge');
      rmSync(dir, { recursive: true, force: true });
    });

    // The best of a few loads: other programs on the machine can only slow one down.
    const bestLoad = async (first: Load, expected: number): Promise<Load> => {
      let best = first;
      for (let more = 6; more > 0 && !isNear(best.requestsPerSecond, expected); more--) {
        const { json } = await deploykit('bench', '-n', '10', '-c', '5', '--no-wave');
        const { throughput } = json.data;
        if (throughput.requestsPerSecond > best.requestsPerSecond) best = throughput;
      }
      return best;
    };

    it('sync, one process: 1.00 requests/s', async () => {
      await up('--processes', '1');
      const { json } = await deploykit('bench', '-n', '10', '-c', '5');
      expectRate((await bestLoad(json.data.throughput, 1)).requestsPerSecond, 1);
      expect(json.data).toMatchObject({ verdict: 'PASS', wave: { waves: [1, 1, 1] } });
    });

    it('async: 5.0 requests/s, ideal 5, and ab would print 3.33', async () => {
      await up('--processes', '1', '--async', '100');
      const { json } = await deploykit('bench', '-n', '10', '-c', '5');
      const load = await bestLoad(json.data.throughput, 5);
      expectRate(load.requestsPerSecond, 5);
      expectRate(load.ideal, 5);
      expectRate(load.abWouldPrint, 10 / 3);
      expect(json.data.verdict).toBe('PASS');
    });

    it.each(Object.entries(SHAPES))('%s, three times of three', async (_, [shape, waves]) => {
      await up(...shape);
      const { json } = await deploykit('bench', '--no-throughput');
      expect(proofs(json.data.wave.runs)).toEqual([waves, waves, waves]);
      expect(json.data.wave).toMatchObject({ verdict: 'PASS', on: 'user-path', sent: waves[0] + waves[1] });
    });

    it.runIf(target === 'docker')('1,500 requests at once wait for 200 slots; none is refused', async () => {
      await up('--async', '100');
      const { json } = await deploykit('status');
      const all = await Promise.all(Array.from({ length: 1500 }, () => get(json.data.url)));
      expect(all.filter((status) => status !== 200)).toEqual([]);
    });

    it('status and logs say what runs', async () => {
      await up('--async', '100');
      const { json } = await deploykit('status');
      expect(json.data).toMatchObject({
        running: true,
        target,
        stats: { slots: 200, busy: 0, version: '2.0.31' },
      });
      expect((await deploykit('logs')).json.data.lines.join('\n')).toContain(
        'Operational MODE: preforking+async',
      );
    });

    it('a header of 8 KB is accepted', async () => {
      const { json } = await deploykit('status');
      expect(await get(json.data.url, { 'X-Large': 'a'.repeat(8192) })).toBe(200);
    });

    it('down loses none of three requests in flight; down again is fine', async () => {
      const { json } = await deploykit('status');
      const requests = [1, 2, 3].map(() => get(json.data.url));
      await new Promise((resolve) => setTimeout(resolve, 300));
      const down = await deploykit('down');
      expect(await Promise.all(requests)).toEqual([200, 200, 200]);
      expect(down.json.data.wasRunning).toBe(true);
      expect(await deploykit('down')).toMatchObject({ exitCode: 0, json: { data: { wasRunning: false } } });
    });
  });

  describeWith(target, `a project of django-admin startproject on ${target}`, () => {
    const dir = tempProject({}, { keep: true });
    const deploykit = (...args: string[]): Promise<CliResult> => cli([...args, '--json'], { cwd: dir });
    beforeAll(async () => {
      startDjangoProject(dir);
      expect((await deploykit('init')).json).toMatchObject({ ok: true });
    });
    afterAll(async () => {
      await deploykit('down', '-t', target, '--purge');
      rmSync(dir, { recursive: true, force: true });
    });

    // Threads in a container are the tutorial's above; what Django does with them, the process target shows.
    const shapes = Object.entries(SHAPES).slice(0, target === 'docker' ? 1 : undefined);
    it.each(shapes)('%s, three times of three', async (_, [shape, waves]) => {
      const up = await deploykit('up', ...where, '--port', '0', ...shape);
      expect(up.stdout, up.stderr).toContain('"ok": true');
      const { json } = await deploykit('bench', '--no-throughput');
      expect(proofs(json.data.wave.runs)).toEqual([waves, waves, waves]);
      expect(json.data.wave).toMatchObject({ verdict: 'PASS', on: 'verification-instance' });
    });
  });
}

// A run that proves nothing, because the machine had other things to do, is replaced by another; one that refutes is not.
function proofs(runs: readonly { verdict: string; waves: number[] }[]): number[][] {
  return runs.filter(({ verdict }) => verdict === 'PASS' || verdict === 'FAIL').map(({ waves }) => waves);
}

describeWith('ab', 'real ab', () => {
  const dir = tempProject(TUTORIAL, { keep: true });
  afterAll(async () => {
    await cli(['down', '-t', 'process', '--purge'], { cwd: dir });
    rmSync(dir, { recursive: true, force: true });
  });

  describe('-n 10 -c 5 on one process', () => {
    it.each([
      ['sync', [], 1],
      ['async', ['--async', '100'], 10 / 3],
    ])(
      '%s: what bench says ab would print is what ab prints, within 3 %%',
      TIMED,
      async (_, shape, expected) => {
        const up = await cli(['up', '-t', 'process', '--port', '0', '--processes', '1', ...shape, '--json'], {
          cwd: dir,
        });
        expect(up.stdout, up.stderr).toContain('"ok": true');
        const bench = await cli(['bench', '-n', '10', '-c', '5', '--no-wave', '--json'], { cwd: dir });
        const { stdout } = await run('ab', ['-n', '10', '-c', '5', `${up.json.data.url}/`]);
        const printed = Number(/Requests per second:\s+([\d.]+)/.exec(stdout)?.[1]);
        expect(Math.abs(bench.json.data.throughput.abWouldPrint / printed - 1)).toBeLessThan(0.03);
        expect(Math.abs(printed / Number(expected) - 1)).toBeLessThan(0.03);
      },
    );
  });
});

interface Load {
  requestsPerSecond: number;
  ideal: number;
  abWouldPrint: number;
}

function expectRate(measured: number, expected: number): void {
  expect(isNear(measured, expected), `${measured} against ${expected}`).toBe(true);
}

function isNear(measured: number, expected: number): boolean {
  return Math.abs(measured / expected - 1) < 0.02;
}

function get(url: string, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    http
      .get(url, { headers, agent: false }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0));
      })
      .on('error', reject);
  });
}
