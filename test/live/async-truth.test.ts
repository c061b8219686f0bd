import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { BLOCKING, QUICK } from '../helpers/apps.js';
import { cli } from '../helpers/cli.js';
import { describeWith, docker, EL_BASE } from '../helpers/rigs.js';
import { tempProject } from '../helpers/temp.js';

for (const target of ['process', 'docker'] as const) {
  const where = ['-t', target, ...(target === 'docker' ? ['--base', EL_BASE] : []), '--port', '0'];
  describeWith(target, `a handler that blocks in C, on ${target}`, () => {
    const dir = tempProject(BLOCKING, { keep: true });
    afterAll(async () => {
      await cli(['down', '-t', target, '--purge'], { cwd: dir });
      rmSync(dir, { recursive: true, force: true });
    });

    it('bench: FAIL, as many at once as processes, what that means, and the line that blocks', async () => {
      const up = await cli(['up', ...where, '--processes', '2', '--async', '20', '--json'], { cwd: dir });
      expect(up.stdout, up.stderr).toContain('"ok": true');
      const { json, exitCode } = await cli(['bench', '--no-throughput', '--json'], { cwd: dir });
      expect(exitCode).toBe(6);
      expect(json.data).toMatchObject({
        verdict: 'FAIL',
        wave: { effectiveConcurrency: 2, on: 'user-path' },
      });
      expect(json.data.reasons.join(' ')).toMatch(/hub|greenlet/);
      const line = BLOCKING['s1.py'].split('\n').findIndex((text) => text.includes('usleep')) + 1;
      expect(json.data.blocking[0]).toMatchObject({ file: 's1.py', line, function: 'hello' });
      expect(json.data.reasons.join(' ')).toContain(`What blocked the hub: s1.py:${line} in hello`);
    });
  });
}

describeWith('docker', 'gevent taken out of the image', () => {
  const dir = tempProject(QUICK, { keep: true });
  afterAll(async () => {
    await cli(['down', '-t', 'docker', '--purge'], { cwd: dir });
    rmSync(dir, { recursive: true, force: true });
  });

  it('up --async fails and says so, and leaves no container', async () => {
    const args = ['-t', 'docker', '--base', EL_BASE, '--port', '0', '--async', '20'];
    await cli(['render', ...args, '--out', '.deploykit/docker'], { cwd: dir });
    const dockerfile = path.join(dir, '.deploykit/docker/Dockerfile');
    const text = readFileSync(dockerfile, 'utf8');
    writeFileSync(dockerfile, text.replace('-r requirements.txt gevent', '-r requirements.txt'));
    const { json, exitCode } = await cli(['up', ...args, '--json'], { cwd: dir });
    expect(exitCode).toBe(1);
    expect(json.error).toMatchObject({ code: 'DK_GEVENT_MISSING' });
    expect(json.warnings.join()).toContain('edited by hand');
    expect(docker('ps', '-aq', '--filter', `label=dev.deploykit.project=${dir}`)).toBe('');
  });
});
