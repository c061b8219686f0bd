import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { QUICK } from '../helpers/apps.js';
import { cli } from '../helpers/cli.js';
import { DEBIAN_BASE, describeWith, docker, EL_BASE } from '../helpers/rigs.js';
import { tempProject } from '../helpers/temp.js';

describeWith('systemd', 'the unit file under the real systemd-analyze', () => {
  const folder = tempProject({}, { keep: true });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  it.each([
    ['deploy/tutorial/systemd', 'tutorial'],
    ['test/examples/flask-async/expected/systemd', 'shop'],
  ])('%s', (from, name) => {
    const [unit, socket] = [path.join(folder, `${name}@.service`), path.join(folder, `${name}.socket`)];
    // verify wants the command to exist on this machine.
    const text = readFileSync(path.join(from, `${name}@.service`), 'utf8');
    writeFileSync(unit, text.replace(/^ExecStart=\S+/m, 'ExecStart=/bin/true'));
    cpSync(path.join(from, `${name}.socket`), socket);
    cpSync(path.join(from, 'release.conf'), `${socket}.d/release.conf`);
    const verify = spawnSync('systemd-analyze', ['verify', '--recursive-errors=no', unit, socket], {
      encoding: 'utf8',
    });
    expect(verify.status, verify.stderr).toBe(0);
    expect(verify.stderr).not.toContain(name);
    const security = spawnSync('systemd-analyze', ['security', '--offline=true', '--threshold=20', unit], {
      encoding: 'utf8',
    });
    expect(security.status, security.stdout.split('\n').at(-2)).toBe(0);
  });
});

describeWith('process', 'the examples, served by the real uWSGI', () => {
  const dirs: string[] = [];
  afterAll(async () => {
    for (const dir of dirs) {
      await cli(['down', '-t', 'process', '--purge'], { cwd: dir });
      rmSync(dir, { recursive: true, force: true });
    }
  });
  it.each(['flask-sync', 'flask-async', 'django-threads', 'factory-in-src'])('%s', async (name) => {
    const dir = tempProject({}, { keep: true });
    dirs.push(dir);
    cpSync(path.join('test/examples', name, 'project'), dir, { recursive: true });
    mkdirSync(path.join(dir, 'static files'), { recursive: true });
    const args = ['up', '-t', 'process', '--port', '0', '--processes', '2', '--python', '3.11', '--json'];
    const { json, stdout } = await cli(args, { cwd: dir, env: { SECRET_KEY: 'from the environment' } });
    expect(json.ok, stdout).toBe(true);
    expect((await fetch(json.data.url)).status).toBeLessThan(500);
  });
});

describeWith('docker', 'the rendered Dockerfile', () => {
  // A client that speaks BuildKit: Debian's own does, newer ones need a plugin.
  const client = existsSync('/usr/bin/docker') ? '/usr/bin/docker' : 'docker';

  it.each([EL_BASE, DEBIAN_BASE])('%s: builds by hand, as it is written', async (base) => {
    const dir = tempProject(QUICK);
    const rendered = await cli(
      ['render', '-t', 'docker', '--base', base, '--async', '20', '--out', 'deploy', '--json'],
      { cwd: dir },
    );
    expect(rendered.json.ok, rendered.stdout).toBe(true);
    const build = (file: string, ...args: string[]): string =>
      execFileSync(client, ['build', '--quiet', '-f', file, ...args, '.'], {
        cwd: dir,
        encoding: 'utf8',
        env: { ...process.env, DOCKER_BUILDKIT: '1' },
      }).trim();
    const front = `${path.basename(dir).toLowerCase()}-front`;
    build('deploy/Front.Dockerfile', '--tag', front);
    expect(docker('run', '--rm', '--entrypoint', 'sh', front, '-c', 'nginx -v 2>&1')).toContain('nginx/');
    docker('image', 'rm', front);
    const image = build('deploy/Dockerfile');
    try {
      const listed = docker(
        'run',
        '--rm',
        '--entrypoint',
        'find',
        image,
        '/app',
        '/etc/deploykit',
        '/opt/deploykit',
        '-type',
        'f',
      );
      expect(listed.split('\n').sort()).toEqual([
        '/app/requirements.txt',
        '/app/s1.py',
        '/etc/deploykit/uwsgi.ini',
        '/opt/deploykit/probe.py',
        '/opt/deploykit/recycle.py',
        '/opt/deploykit/verify.py',
        '/opt/deploykit/watchdog.py',
      ]);
      const modules = docker(
        'run',
        '--rm',
        '--entrypoint',
        '/opt/venv/bin/python',
        image,
        '-c',
        'import flask, gevent; print("both")',
      );
      expect(modules).toBe('both');
    } finally {
      docker('image', 'rm', '-f', image);
    }
  });

  it('a private CA reaches pip and dnf, and stays nowhere', async () => {
    const bundle = process.env['SSL_CERT_FILE'] ?? '/etc/ssl/certs/ca-certificates.crt';
    const toml = '[image]\nca_file = "company.crt"\n';
    const dir = tempProject({
      ...QUICK,
      'company.crt': readFileSync(bundle, 'utf8'),
      'deploykit.toml': toml,
      '.dockerignore': 'company.crt\n',
    });
    const up = await cli(['up', '-t', 'docker', '--base', EL_BASE, '--port', '0', '--json'], { cwd: dir });
    expect(up.json.ok, up.stdout).toBe(true);
    try {
      for (const [role, ...folders] of [
        ['server', '/app', '/run', '/opt/deploykit'],
        ['front', '/run', '/etc/deploykit-front'],
      ]) {
        const labels = [`project=${dir}`, `role=${role}`];
        const filters = labels.flatMap((label) => ['--filter', `label=dev.deploykit.${label}`]);
        const container = docker('ps', '-q', ...filters);
        const found = ['find', ...folders, '-name', '*.pem', '-o', '-name', '*.crt'];
        expect(docker('exec', container, ...found)).toBe('');
        const { Image } = JSON.parse(docker('inspect', container))[0];
        expect(docker('history', '--no-trunc', '--format', '{{.CreatedBy}}', Image)).not.toMatch(
          /COPY.*ca\.pem/,
        );
      }
    } finally {
      await cli(['down', '-t', 'docker', '--purge'], { cwd: dir });
    }
  });
});
