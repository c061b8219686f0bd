import { rmSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { SLEEPS_50_MS } from '../helpers/apps.js';
import { cli } from '../helpers/cli.js';
import { describeWith } from '../helpers/rigs.js';
import { tempProject } from '../helpers/temp.js';
import { TIMED } from '../helpers/timed.js';

const TOML = `[app]
module = "s1:app"

[server]
processes = 1

[target.one]
kind = "process"

[target.two]
kind = "process"
`;

describeWith('process', 'bench --vs-target', () => {
  const dir = tempProject({ ...SLEEPS_50_MS, 'deploykit.toml': TOML }, { keep: true });
  afterAll(async () => {
    for (const target of ['one', 'two']) await cli(['down', '-t', target, '--purge'], { cwd: dir });
    rmSync(dir, { recursive: true, force: true });
  });

  it(
    'loads two targets of one project in turn, and says how many times faster the one is',
    TIMED,
    async () => {
      for (const [target, ...shape] of [['one', '--async', '10'], ['two']]) {
        const argv = ['up', '-t', target ?? '', '--port', '0', ...shape, '--json'];
        const { json, stdout } = await cli(argv, { cwd: dir });
        expect(json.ok, stdout).toBe(true);
      }
      const load = ['-n', '40', '-c', '10', '--no-wave'];
      const argv = ['bench', '-t', 'one', '--vs-target', 'two', ...load, '--json'];
      const { exitCode, json, stdout } = await cli(argv, { cwd: dir });
      expect(exitCode, stdout).toBe(0);
      const [comparison] = json.data.comparisons;
      expect(comparison, stdout).toMatchObject({
        ...{ labels: { a: 'two', b: 'one' }, base: 'live', verdict: 'PASS' },
      });
      // Ten greenlets against one process, 50 ms a request.
      expect(comparison.ratio, stdout).toBeGreaterThan(6);
      expect(comparison.ratio).toBeLessThan(11);
      expect(comparison.low).toBeLessThan(comparison.ratio);
      expect(json.data.sides.map(({ label }: { label: string }) => label)).toEqual(['two', 'one']);
    },
  );
});
