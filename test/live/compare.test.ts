import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, expect, it } from 'vitest';
import { benchSchema } from '../../src/report/bench-schema.js';
import { SLEEPS_50_MS } from '../helpers/apps.js';
import { cli, ROOT } from '../helpers/cli.js';
import { describeWith, EL_BASE } from '../helpers/rigs.js';
import { tempProject } from '../helpers/temp.js';
import { TIMED } from '../helpers/timed.js';

const schema = readFileSync(path.join(ROOT, 'templates/bench/bench-data.schema.json'), 'utf8');
const validate = new Ajv({ strict: false, allErrors: true }).compile(benchSchema(schema));

function expectValid(document: unknown): void {
  validate(document);
  expect(validate.errors).toBeNull();
}

for (const target of ['process', 'docker'] as const) {
  const where = ['-t', target, ...(target === 'docker' ? ['--base', EL_BASE] : []), '--port', '0'];
  describeWith(target, `a comparison with another shape, on ${target}`, () => {
    const dir = tempProject(SLEEPS_50_MS, { keep: true });
    afterAll(async () => {
      await cli(['down', '-t', target, '--purge'], { cwd: dir });
      rmSync(dir, { recursive: true, force: true });
    });

    it(
      '20 greenlets serve many times what one process in sync does, and expectations decide the exit code',
      TIMED,
      async () => {
        const up = await cli(['up', ...where, '--processes', '1', '--async', '20', '--json'], { cwd: dir });
        expect(up.json.ok, up.stdout).toBe(true);
        const load = ['--no-wave', '-n', '40', '-c', '10'];
        const args = ['bench', ...load, '--vs', 'sync'];
        const files = ['--html', path.join(dir, 'out.html'), '--junit', path.join(dir, 'out.xml')];
        const good = await cli([...args, ...files, '--expect', 'ratio>=4', '--json'], { cwd: dir });
        expect(good.exitCode, good.stdout).toBe(0);
        expectValid(good.json);
        const { comparisons, sides } = good.json.data;
        expect(comparisons).toMatchObject([
          { labels: { a: 'sync', b: 'gevent' }, base: 'live', verdict: 'PASS' },
        ]);
        expect(sides).toMatchObject([
          { label: 'sync', claim: { slots: 1 }, crowd: { concurrency: 200 } },
          { label: 'gevent', claim: { slots: 20 }, crowd: { concurrency: 200 } },
        ]);
        for (const { memory } of sides) expect(memory).toBeGreaterThan(10 * 1024 ** 2);
        expect(readFileSync(path.join(dir, 'out.html'), 'utf8')).toMatch(
          /^<!doctype html>[\s\S]*<\/html>\s*$/,
        );
        expect(readFileSync(path.join(dir, 'out.xml'), 'utf8')).toContain('<testsuite');
        // The rest knows no target.
        if (target === 'docker') return;
        const bad = await cli(['bench', ...load, '--expect', 'mean<1ms', '--json'], { cwd: dir });
        expect(bad).toMatchObject({ exitCode: 6, json: { error: { code: 'DK_BENCH_FAIL' } } });
        writeFileSync(path.join(dir, 'before.json'), good.stdout);
        const again = await cli(['bench', '--no-wave', '--raw', '--vs', 'before.json', '--json'], {
          cwd: dir,
        });
        expectValid(again.json);
        expect(again.json.data.samples.load.ok).toHaveLength(again.json.data.throughput.requests);
        // The same server: equal within 5 %, or too few runs to say so; never another machine.
        expect([0, 7]).toContain(again.exitCode);
        expect(again.json.data.comparisons[0]).toMatchObject({
          base: 'saved',
          labels: { a: 'before.json', b: 'now' },
        });
        expect(again.json.data.comparisons[0].reasons.join()).not.toContain('then and now');
      },
    );

    it('what cannot be compared is refused before anything is loaded', async () => {
      for (const [what, code] of [
        ['gevent', 'DK_USAGE'],
        ['nothing.json', 'DK_USAGE'],
        ['release:0123456789ab', target === 'process' ? 'DK_TARGET_UNKNOWN' : 'DK_RELEASE_UNKNOWN'],
      ] as const) {
        const { json } = await cli(['bench', '--vs', what, '--json'], { cwd: dir });
        expect(json.error.code, what).toBe(code);
      }
    });
  });
}

describeWith('process', 'a comparison with what does not start', () => {
  const ONLY_GEVENT = `import sys\nif "gevent" not in sys.modules: raise RuntimeError("only under gevent")\n`;
  const dir = tempProject({ ...SLEEPS_50_MS, 's1.py': ONLY_GEVENT + SLEEPS_50_MS['s1.py'] }, { keep: true });
  afterAll(async () => {
    await cli(['down', '-t', 'process', '--purge'], { cwd: dir });
    rmSync(dir, { recursive: true, force: true });
  });

  it('shows what was measured until then, and ends as it does', async () => {
    const shape = ['--processes', '1', '--async', '20'];
    const up = await cli(['up', '-t', 'process', '--port', '0', ...shape, '--json'], { cwd: dir });
    expect(up.json.ok, up.stdout).toBe(true);
    const { json, exitCode } = await cli(
      ['bench', '--no-wave', '-n', '40', '-c', '10', '--vs', 'sync', '--json'],
      { cwd: dir },
    );
    expect(exitCode).toBe(1);
    expect(json).toMatchObject({ ok: false, error: { code: 'DK_APP_IMPORT' } });
    expect(json.error.excerpt).toContain('only under gevent');
    expect(json.data).toMatchObject({ verdict: 'PASS', throughput: { requests: 40 } });
  });
});
