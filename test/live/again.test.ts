import { appendFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TUTORIAL } from '../helpers/apps.js';
import { type CliResult, cli } from '../helpers/cli.js';
import { describeWith, EL_BASE } from '../helpers/rigs.js';
import { tempProject } from '../helpers/temp.js';

for (const target of ['process', 'docker'] as const) {
  const where = ['-t', target, ...(target === 'docker' ? ['--base', EL_BASE] : [])];
  describeWith(target, `up again on ${target}`, () => {
    const dir = tempProject(TUTORIAL, { keep: true });
    const deploykit = (...args: string[]): Promise<CliResult> => cli([...args, '--json'], { cwd: dir });
    const up = async (...args: string[]): Promise<CliResult> => {
      const result = await deploykit('up', ...where, '--port', '0', ...args);
      expect(result.stdout, result.stderr).toContain('"ok": true');
      return result;
    };
    beforeAll(async () => {
      expect((await deploykit('init')).json).toMatchObject({ ok: true });
      await up('--async', '100');
    });
    afterAll(async () => {
      await deploykit('down', '-t', target, '--purge');
      rmSync(dir, { recursive: true, force: true });
    });

    it('changes nothing, in under two seconds', async () => {
      const first = await up('--async', '100');
      const again = await up('--async', '100');
      expect(again.json.data).toMatchObject({ changed: false, release: first.json.data.release });
      expect(again.took).toBeLessThan(2000);
    });

    it('one changed line of source is a new release; only the source is built anew, in under 5 s', async () => {
      const first = await up('--async', '100');
      appendFileSync(path.join(dir, 's1.py'), '# changed\n');
      // When each step was first printed.
      const steps = new Map<string, number>();
      const second = await cli(['up', ...where, '--port', '0', '--async', '100'], {
        cwd: dir,
        onStderr: (text) => {
          for (const [step] of text.matchAll(/^• \w+/gm))
            if (!steps.has(step)) steps.set(step, performance.now());
        },
      });
      expect(second.exitCode, second.stderr).toBe(0);
      const { json } = await deploykit('status');
      expect(json.data.release).not.toBe(first.json.data.release);
      if (target === 'process') return;
      const build = (steps.get('• Trying') ?? Number.NaN) - (steps.get('• Building') ?? Number.NaN);
      expect(build).toBeLessThan(5000);
    });
  });
}
