import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { TUTORIAL } from '../helpers/apps.js';
import { cli } from '../helpers/cli.js';
import { describeWith, EL_BASE } from '../helpers/rigs.js';
import { tempProject } from '../helpers/temp.js';

const SLEEPS_50_MS = { ...TUTORIAL, 's1.py': TUTORIAL['s1.py'].replace('time.sleep(1)', 'time.sleep(0.05)') };

for (const target of ['process', 'docker'] as const) {
  const where = ['-t', target, ...(target === 'docker' ? ['--base', EL_BASE] : []), '--port', '0'];
  describeWith(target, `a comparison with another shape, on ${target}`, () => {
    const dir = tempProject(SLEEPS_50_MS, { keep: true });
    afterAll(async () => {
      await cli(['down', '-t', target, '--purge'], { cwd: dir });
      rmSync(dir, { recursive: true, force: true });
    });

    it('20 greenlets serve many times what one process in sync does, and expectations decide the exit code', async () => {
      const up = await cli(['up', ...where, '--processes', '1', '--async', '20', '--json'], { cwd: dir });
      expect(up.json.ok, up.stdout).toBe(true);
      const args = ['bench', '--no-wave', '-n', '200', '-c', '20', '--vs', 'sync'];
      const files = ['--html', path.join(dir, 'out.html'), '--junit', path.join(dir, 'out.xml')];
      const good = await cli([...args, ...files, '--expect', 'ratio>=4', '--json'], { cwd: dir });
      expect(good.exitCode, good.stdout).toBe(0);
      expect(good.json.data.compare).toMatchObject({ labels: { a: 'sync', b: 'gevent' }, verdict: 'PASS' });
      expect(readFileSync(path.join(dir, 'out.html'), 'utf8')).toMatch(/^<!doctype html>[\s\S]*<\/html>\s*$/);
      expect(readFileSync(path.join(dir, 'out.xml'), 'utf8')).toContain('<testsuite');
      const bad = await cli(
        ['bench', '--no-wave', '-n', '200', '-c', '20', '--expect', 'mean<1ms', '--json'],
        { cwd: dir },
      );
      expect(bad).toMatchObject({ exitCode: 6, json: { error: { code: 'DK_BENCH_FAIL' } } });
    });
  });
}
