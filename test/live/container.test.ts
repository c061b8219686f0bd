import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { QUICK } from '../helpers/apps.js';
import { cli } from '../helpers/cli.js';
import { DEBIAN_BASE, describeWith, docker, EL_BASE } from '../helpers/rigs.js';
import { tempProject } from '../helpers/temp.js';

for (const base of [EL_BASE, DEBIAN_BASE]) {
  describeWith('docker', `the container on ${base}`, () => {
    const dir = tempProject(QUICK, { keep: true });
    let container = '';
    beforeAll(async () => {
      const up = await cli(['up', '-t', 'docker', '--base', base, '--port', '0', '--async', '20', '--json'], {
        cwd: dir,
      });
      expect(up.stdout, up.stderr).toContain('"ok": true');
      container = docker('ps', '-q', '--filter', `label=dev.deploykit.project=${dir}`);
    });
    afterAll(async () => {
      await cli(['down', '-t', 'docker', '--purge'], { cwd: dir });
      rmSync(dir, { recursive: true, force: true });
    });
    const inside = (script: string): string => docker('exec', container, 'sh', '-c', script);

    it('runs as a user without rights', () => {
      expect(inside('id -u')).toBe('10001');
      const status = inside('cat /proc/1/status');
      expect(status).toMatch(/^CapEff:\s+0+$/m);
      expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
    });

    it('has a root that cannot be written, and a /tmp that can', () => {
      expect(inside('touch /app/x 2>/dev/null || echo refused')).toBe('refused');
      expect(inside('touch /tmp/x && echo written')).toBe('written');
    });

    it('has limits, a listen queue as planned, and a health check that takes no slot', () => {
      const info = JSON.parse(docker('inspect', container))[0];
      expect(info.HostConfig).toMatchObject({
        ReadonlyRootfs: true,
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges'],
      });
      expect(info.HostConfig.PidsLimit).toBeGreaterThan(0);
      expect(info.HostConfig.Sysctls).toEqual({ 'net.core.somaxconn': '128' });
      expect(info.Config.Healthcheck.Test.join(' ')).toContain('probe.py health');
      expect(inside('/opt/venv/bin/python /opt/deploykit/probe.py health')).toBe('2 of 2 workers ready');
    });

    it('does not show its stats outside', () => {
      const info = JSON.parse(docker('inspect', container))[0];
      expect(Object.keys(info.NetworkSettings.Ports)).toEqual(['8000/tcp']);
      expect(inside('ls -l /run/deploykit/stats.sock')).toMatch(/^s/);
      // proc(5), /proc/net/tcp: state 0A is LISTEN, the port is hexadecimal.
      const sockets = inside('cat /proc/net/tcp /proc/net/tcp6')
        .split('\n')
        .map((line) => line.trim().split(/\s+/));
      const ports = sockets
        .filter((fields) => fields[3] === '0A')
        .map((fields) => Number.parseInt(fields[1]?.split(':')[1] ?? '', 16));
      expect(ports).toEqual([8000]);
    });

    it('holds no proxy, CA or environment of the build', () => {
      const image = JSON.parse(
        docker('image', 'inspect', JSON.parse(docker('inspect', container))[0].Image),
      )[0];
      expect(image.Config.Env.map((line: string) => line.split('=')[0]).sort()).toEqual(
        expect.arrayContaining(['PATH', 'PYTHONDONTWRITEBYTECODE', 'PYTHONUNBUFFERED']),
      );
      expect(JSON.stringify(image.Config.Env)).not.toMatch(/PROXY|SECRET|UWSGI_/i);
    });
  });
}
