import { cpSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../../src/host/ports.js';
import { type CliResult, cli } from '../helpers/cli.js';
import { describeWith, docker, EL_BASE } from '../helpers/rigs.js';
import { type Sshd, startSshd } from '../helpers/sshd.js';
import { tempProject } from '../helpers/temp.js';
import { openTlsDoor } from '../helpers/tls-door.js';

const app = (version: number): string => `from flask import Flask, request
app = Flask(__name__)
@app.route("/")
def hello():
    print("asked", request.query_string.decode(), flush=True)
    return "${version}\\n"
`;

// The engine of this machine, reached as that of another: everything goes through a login.
describeWith('docker', 'an engine on another machine', () => {
  describeWith('sshd', 'over ssh', () => {
    const dir = tempProject({ 's1.py': app(0), 'requirements.txt': 'flask\n' }, { keep: true });
    const folder = tempProject({}, { keep: true });
    const env = { DOCKER_CONFIG: path.join(folder, 'docker'), DOCKER_CONTEXT: 'there' };
    let sshd: Sshd;

    const configure = (port: number, target: string): void =>
      writeFileSync(
        path.join(dir, 'deploykit.toml'),
        `name = "live-remote"
[app]
module = "s1:app"
[server]
async = 20
processes = 2
port = ${port}
[image]
base = "${EL_BASE}"
[front]
kind = "nginx"
[target.prod]
kind = "docker"
${target}
`,
      );
    const deploykit = (...args: string[]): Promise<CliResult> => cli([...args, '--json'], { cwd: dir, env });
    const endpointOf = async (): Promise<{ port: number; route: object }> =>
      (await deploykit('status')).json.data.endpoint;
    const answer = async (port: number): Promise<string> => (await fetch(`http://127.0.0.1:${port}/`)).text();

    beforeAll(async () => {
      sshd = await startSshd(path.join(folder, 'sshd'));
      docker('--config', env.DOCKER_CONFIG, 'context', 'create', 'there', '--docker', 'host=ssh://engine');
      configure(await freePort('127.0.0.1'), `ssh_config = "${sshd.config}"`);
    });
    afterAll(async () => {
      await deploykit('down', '--purge');
      sshd.stop();
      for (const each of [dir, folder]) rmSync(each, { recursive: true, force: true });
    });

    it('up builds there; status, logs and bench reach it', async () => {
      const up = await deploykit('up');
      expect(up.json?.ok, up.stderr + up.stdout).toBe(true);
      const { port, route } = await endpointOf();
      expect(route).toMatchObject({ kind: 'ssh-tunnel', note: expect.stringContaining('engine') });
      expect(await answer(port)).toBe('0\n');
      const { stdout } = await cli(['check'], { cwd: dir, env });
      expect(stdout).toContain('(context there ssh://engine)');

      let seen = '';
      const following = cli(['logs', '-f', '--lines', '1'], {
        cwd: dir,
        env,
        onStdout: (text, kill) => {
          seen = text;
          if (/asked for-me/.test(text)) kill('SIGINT');
        },
      });
      while (seen === '') await new Promise((resolve) => setTimeout(resolve, 50));
      await fetch(`http://127.0.0.1:${port}/?for-me`);
      expect((await following).stdout).toContain('asked for-me');

      const bench = await deploykit('bench', '--no-wave', '--requests', '40', '--concurrency', '4');
      expect(bench.json.data.endpoint, bench.stderr).toMatchObject({
        host: '127.0.0.1',
        route: { kind: 'ssh-tunnel' },
      });
      expect(bench.json.data.endpoint.port).not.toBe(port);
      expect(bench.json.data.throughput).toMatchObject({ requests: 40, errors: {} });
    });

    it('a connection that is cut in mid-update ends with a code, and up again finishes it', async () => {
      const { port } = await endpointOf();
      writeFileSync(path.join(dir, 's1.py'), app(1));
      let cuts = 0;
      const broken = await cli(['up', '-v'], {
        cwd: dir,
        env,
        onStderr: (text) => {
          if (cuts === 0 && /wait until \/ answers/.test(text)) {
            cuts++;
            sshd.cut();
          }
        },
      });
      expect(cuts).toBe(1);
      expect(broken.exitCode, broken.stderr).toBe(3);
      expect(broken.stderr).toContain('DK_ENGINE_LOST');
      expect(await answer(port)).toBe('0\n');
      expect((await deploykit('up')).json).toMatchObject({ ok: true, data: { changed: true } });
      expect(await answer(port)).toBe('1\n');
    });

    it('is the same deployment from a checkout on another machine', async () => {
      const other = path.join(folder, 'checkout');
      cpSync(dir, other, { recursive: true, filter: (from) => !from.endsWith('.deploykit') });
      const { json, stdout } = await cli(['up', '--json'], { cwd: other, env });
      expect(json, stdout).toMatchObject({ ok: true, data: { changed: false } });
    });

    it('is reached over TCP with the certificates of the docker client, and by nobody else', async () => {
      const door = await openTlsDoor(path.join(folder, 'tls'), '/var/run/docker.sock');
      const tcp = { ...env, DOCKER_HOST: `tcp://127.0.0.1:${door.port}`, DOCKER_TLS_VERIFY: '1' };
      const status = (more: object): Promise<CliResult> =>
        cli(['status', '--json'], { cwd: dir, env: { ...tcp, ...more } });
      try {
        const { json, stdout } = await status({ DOCKER_CERT_PATH: door.certificates });
        expect(json?.data, stdout).toMatchObject({ running: true, stats: { slots: 40 } });
        const stranger = await status({});
        expect(stranger.json.error).toMatchObject({ code: 'DK_ENGINE_MISSING' });
        expect(stranger.json.error.excerpt).toContain('certificate');
      } finally {
        door.close();
      }
    });

    it('says why it does not reach an engine', async () => {
      const bare = await startSshd(path.join(folder, 'bare'), { commands: '/nowhere' });
      try {
        const nobody = await freePort('127.0.0.1');
        for (const [host, config, code, words] of [
          ['ssh://stranger', bare.config, 'DK_HOST_UNREACHABLE', /Host key verification failed/],
          [`ssh://engine:${nobody}`, sshd.config, 'DK_HOST_UNREACHABLE', /Connection refused/],
          ['ssh://engine', bare.config, 'DK_ENGINE_MISSING', /docker: (command )?not found/],
          ['ssh://engine/nowhere/docker.sock', sshd.config, 'DK_ENGINE_MISSING', /nowhere/],
          ['ssh://root:pass@engine', sshd.config, 'DK_CONFIG_INVALID', /^$/],
        ] as const) {
          configure(8000, `docker_host = "${host}"\nssh_config = "${config}"`);
          const { error } = (await deploykit('status')).json;
          expect(error, host).toMatchObject({ code, hint: expect.stringMatching(/\w/) });
          expect(error.excerpt ?? '').toMatch(words);
        }
      } finally {
        bare.stop();
        configure(8000, `ssh_config = "${sshd.config}"`);
      }
    });
  });
});
