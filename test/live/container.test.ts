import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { QUICK } from '../helpers/apps.js';
import { cli } from '../helpers/cli.js';
import { DEBIAN_BASE, describeWith, docker, EL_BASE } from '../helpers/rigs.js';
import { tempProject } from '../helpers/temp.js';

for (const base of [EL_BASE, DEBIAN_BASE]) {
  describeWith('docker', `the containers on ${base}`, () => {
    const dir = tempProject(QUICK, { keep: true });
    const find = (role: string): string =>
      docker(
        ...['ps', '-q', '--filter', `label=dev.deploykit.project=${dir}`],
        ...['--filter', `label=dev.deploykit.role=${role}`],
      );
    const inside = (role: string, script: string): string => docker('exec', find(role), 'sh', '-c', script);
    const inspect = (role: string) => JSON.parse(docker('inspect', find(role)))[0];
    beforeAll(async () => {
      const up = await cli(['up', '-t', 'docker', '--base', base, '--port', '0', '--async', '20', '--json'], {
        cwd: dir,
      });
      expect(up.stdout, up.stderr).toContain('"ok": true');
    });
    afterAll(async () => {
      await cli(['down', '-t', 'docker', '--purge'], { cwd: dir });
      rmSync(dir, { recursive: true, force: true });
    });

    describe.each(['server', 'front'] as const)('%s', (role) => {
      it('runs as a user without rights', () => {
        expect(inside(role, 'id -u')).toBe('10001');
        const status = inside(role, 'cat /proc/1/status');
        expect(status).toMatch(/^CapEff:\s+0+$/m);
        expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
      });

      it('has a root that cannot be written, no rights, a limit of processes, and a queue as planned', () => {
        expect(inside(role, 'touch /etc/x 2>/dev/null || echo refused')).toBe('refused');
        const { HostConfig } = inspect(role);
        expect(HostConfig).toMatchObject({
          ReadonlyRootfs: true,
          CapDrop: ['ALL'],
          SecurityOpt: ['no-new-privileges'],
          Sysctls: { 'net.core.somaxconn': role === 'front' ? '65535' : '4096' },
        });
        expect(HostConfig.PidsLimit).toBeGreaterThan(0);
      });

      it('takes its turn, and no core from the other, when it is nginx', () => {
        // proc_pid_stat(5), field 41: 3 is SCHED_BATCH.
        const stat = inside(role, 'cat /proc/1/stat');
        const policy = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[41 - 3];
        expect(policy).toBe(role === 'front' ? '3' : '0');
      });

      it('listens on one port', () => {
        // proc(5), /proc/net/tcp: state 0A is LISTEN, the port is hexadecimal.
        const ports = inside(role, 'cat /proc/net/tcp /proc/net/tcp6')
          .split('\n')
          .map((line) => line.trim().split(/\s+/))
          .filter((fields) => fields[3] === '0A')
          .map((fields) => Number.parseInt(fields[1]?.split(':')[1] ?? '', 16));
        expect(ports).toEqual([8000]);
      });
    });

    it("publishes one port, the front's, on loopback; nothing else of a server is seen but its socket", () => {
      const published = (role: string) =>
        Object.values(inspect(role).NetworkSettings.Ports).flat().filter(Boolean);
      expect(published('front')).toMatchObject([{ HostIp: '127.0.0.1' }]);
      expect(published('server')).toEqual([]);
      expect(inside('server', 'ls -l /run/deploykit/stats.sock')).toMatch(/^s/);
      expect(inside('front', 'ls -l /run/deploykit-front/current/')).toMatch(/^s\S+ .* 1\.sock$/m);
      expect(inside('front', 'ls /run/deploykit')).toBe('nginx.pid');
    });

    it('gives the server a /tmp, and a health check that takes no slot', () => {
      expect(inside('server', 'touch /tmp/x && echo written')).toBe('written');
      expect(inspect('server').Config.Healthcheck.Test.join(' ')).toContain('probe.py health');
      expect(inside('server', '/opt/venv/bin/python /opt/deploykit/probe.py health')).toContain(
        '2 of 2 workers ready',
      );
    });

    it('holds no proxy, CA or environment of the build', () => {
      for (const role of ['server', 'front']) {
        const { Env } = JSON.parse(docker('image', 'inspect', inspect(role).Image))[0].Config;
        expect(JSON.stringify(Env)).not.toMatch(/PROXY|SECRET|UWSGI_/i);
        if (role === 'server')
          expect(Env.map((line: string) => line.split('=')[0])).toEqual(
            expect.arrayContaining(['PATH', 'PYTHONDONTWRITEBYTECODE', 'PYTHONUNBUFFERED']),
          );
      }
    });
  });
}
