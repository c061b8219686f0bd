import { once } from 'node:events';
import net from 'node:net';
import { expect, it } from 'vitest';
import { TUTORIAL } from '../helpers/apps.js';
import { cli } from '../helpers/cli.js';
import { describeWith } from '../helpers/rigs.js';
import { tempProject } from '../helpers/temp.js';

interface Found {
  severity: string;
  area: string;
  what: string;
  message: string;
  remedy: string | null;
}

describeWith('process', 'deploykit check', () => {
  it('a port that is taken and a driver that blocks: both found, exit 4, a remedy each', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as net.AddressInfo;
    try {
      const dir = tempProject({ ...TUTORIAL, 'requirements.txt': 'flask\nmysqlclient\n' });
      const args = ['check', '-t', 'process', '--port', String(port), '--async', '100', '--json'];
      const { json, exitCode } = await cli(args, { cwd: dir });
      expect(exitCode).toBe(4);
      expect(json.error.code).toBe('DK_CHECK_FOUND');
      const errors = (json.data.findings as Found[]).filter(({ severity }) => severity === 'error');
      expect(errors.map(({ area }) => area).sort()).toEqual(['environment', 'gevent']);
      for (const { remedy } of errors) expect(remedy).toBeTruthy();
      expect(json.data.timeouts.length).toBeGreaterThan(2);
    } finally {
      server.close();
    }
  });

  it('an engine that does not answer is a finding, not the end', async () => {
    const dir = tempProject(TUTORIAL);
    const args = ['check', '-t', 'docker', '--docker-host', 'unix:///nowhere.sock', '--json'];
    const { json, exitCode } = await cli(args, { cwd: dir });
    expect(exitCode).toBe(4);
    expect(json.data.findings[0]).toMatchObject({ severity: 'error', what: 'DK_ENGINE_MISSING' });
  });

  it('nothing to mend: exit 0; then diff tells an edit from an old file', async () => {
    const dir = tempProject(TUTORIAL);
    expect((await cli(['check', '-t', 'process', '--port', '0'], { cwd: dir })).exitCode).toBe(0);
    const at = ['-t', 'process', '--port', '8123'];
    const before = await cli(['diff', ...at, '--out', 'deploy', '--json'], { cwd: dir });
    expect(before.exitCode).toBe(4);
    expect(before.json.data.files.map(({ state }: { state: string }) => state)).toContain('missing');
    await cli(['render', ...at, '--out', 'deploy'], { cwd: dir });
    expect((await cli(['diff', ...at, '--out', 'deploy'], { cwd: dir })).stdout).toBe('no changes\n');
    const after = await cli(['diff', ...at, '--threads', '4', '--out', 'deploy'], { cwd: dir });
    expect(after.exitCode).toBe(4);
    expect(after.stdout).toContain('+threads = 4');
  });
});
