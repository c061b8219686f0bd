import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { QUICK } from '../helpers/apps.js';
import { type CliResult, cli } from '../helpers/cli.js';
import { DEBIAN_BASE, describeWith, docker, EL_BASE, volumesOf } from '../helpers/rigs.js';
import { tempProject } from '../helpers/temp.js';

/** What an error must have: the code, the exit code, a hint for people and in JSON. */
function expectError(result: CliResult, code: string, exitCode: number): void {
  expect(result.json?.error?.code, result.stdout + result.stderr).toBe(code);
  expect(result.exitCode).toBe(exitCode);
  expect(result.json).toMatchObject({ ok: false, error: { hint: expect.stringMatching(/\w/) } });
}

const APP = QUICK['s1.py'];

for (const target of ['process', 'docker'] as const) {
  const where = ['-t', target, ...(target === 'docker' ? ['--base', EL_BASE] : [])];
  describeWith(target, `errors of up on ${target}`, () => {
    const dir = tempProject(QUICK, { keep: true });
    const write = (name: string, text: string): void => writeFileSync(path.join(dir, name), text);
    const up = (...args: string[]): Promise<CliResult> =>
      cli(['up', ...where, '--port', '0', ...args, '--json'], { cwd: dir });
    afterEach(() => {
      for (const [name, text] of Object.entries(QUICK)) write(name, text);
      expectNothingLeft(target, dir);
    });
    afterAll(async () => {
      await cli(['down', '-t', target, '--purge'], { cwd: dir });
      rmSync(dir, { recursive: true, force: true });
    });

    it('an import error shows the traceback', async () => {
      write('s1.py', `import nowhere_to_be_found\n${APP}`);
      const result = await up('--async', '20');
      expectError(result, 'DK_APP_IMPORT', 1);
      expect(result.json.error.excerpt).toMatch(/^Traceback[\s\S]+No module named 'nowhere_to_be_found'$/m);
    });

    it('a wrong callable', async () => {
      expectError(await up('--module', 's1:nothing'), 'DK_APP_CALLABLE', 1);
    });

    it('a health path that answers 500', async () => {
      write('s1.py', APP.replace('time.sleep(0)', 'raise ValueError("broken")'));
      expectError(await up(), 'DK_APP_UNHEALTHY', 1);
    });

    it('a requirement that cannot be installed', async () => {
      write('requirements.txt', 'flask\nno-such-distribution-of-deploykit==9.9\n');
      const result = await up();
      expectError(result, 'DK_REQUIREMENT_FAILED', 1);
      expect(result.json.error.message).toContain('no-such-distribution-of-deploykit');
    });

    it('a port that is taken', async () => {
      const server = net.createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      const { port } = server.address() as net.AddressInfo;
      expectError(await up('--port', String(port)), 'DK_PORT_TAKEN', 1);
      server.close();
    });

    it('--async 1, and --async with threads', async () => {
      expectError(await up('--async', '1'), 'DK_PLAN_ASYNC_TOO_SMALL', 2);
      expectError(await up('--async', '100', '--threads', '4'), 'DK_PLAN_ASYNC_THREADS', 2);
    });

    it('a broken release does not replace a running one', async () => {
      const first = await up();
      expect(first.json.ok, first.stdout).toBe(true);
      write('s1.py', `${APP}\nraise SystemExit("no")\n`);
      expect((await up()).exitCode).toBe(1);
      const { json } = await cli(['status', '--json'], { cwd: dir });
      expect(json.data).toMatchObject({ running: true, release: first.json.data.release });
      expect((await fetch(json.data.url)).status).toBe(200);
      await cli(['down', '-t', target], { cwd: dir });
    });
  });

  describeWith(target, `interrupts of up on ${target}`, () => {
    const dirs: string[] = [];
    const fresh = (source = APP): string => {
      const dir = tempProject(
        { ...QUICK, 's1.py': source, 'requirements.txt': `flask\n# ${Math.random()}\n` },
        { keep: true },
      );
      dirs.push(dir);
      return dir;
    };
    const slowApp = `import time\ntime.sleep(4)\n${APP}`;
    const step = {
      build: target === 'docker' ? /Building deploykit/ : /Installing the requirements/,
      wait: /Starting (on|release)/,
    };
    afterAll(async () => {
      for (const dir of dirs) {
        await cli(['down', '-t', target, '--purge'], { cwd: dir });
        rmSync(dir, { recursive: true, force: true });
      }
    });

    for (const at of ['build', 'wait'] as const) {
      const interruptedUp = (dir: string, signal: NodeJS.Signals): Promise<CliResult> => {
        let sent = false;
        return cli(['up', ...where, '--port', '0'], {
          cwd: dir,
          onStderr: (text, kill) => {
            if (sent || !step[at].test(text)) return;
            sent = true;
            setTimeout(() => kill(signal), 300);
          },
        });
      };

      it(`Ctrl-C during the ${at}: exit 130, nothing left, up again works`, async () => {
        const dir = fresh(slowApp);
        const result = await interruptedUp(dir, 'SIGINT');
        expect(result.exitCode, result.stderr).toBe(130);
        expect(result.stderr).toContain('DK_INTERRUPTED');
        expectNothingLeft(target, dir);
        writeFileSync(path.join(dir, 's1.py'), APP);
        const again = await cli(['up', ...where, '--port', '0', '--json'], { cwd: dir });
        expect(again.json.ok, again.stdout).toBe(true);
      });

      it(`SIGKILL during the ${at}: up again works, and leaves one server`, async () => {
        const dir = fresh(slowApp);
        const result = await interruptedUp(dir, 'SIGKILL');
        expect(result.exitCode).toBe(null);
        writeFileSync(path.join(dir, 's1.py'), APP);
        const again = await cli(['up', ...where, '--port', '0', '--json'], { cwd: dir });
        expect(again.json.ok, again.stdout).toBe(true);
        expect(serversOf(target, dir, 'server')).toHaveLength(1);
        await cli(['down', '-t', target], { cwd: dir });
        expectNothingLeft(target, dir);
      });
    }
  });
}

describe('errors of the environment', () => {
  it('no engine', async () => {
    const dir = tempProject(QUICK);
    const result = await cli(['up', '-t', 'docker', '--json'], {
      cwd: dir,
      env: { DOCKER_HOST: 'unix:///nowhere/docker.sock' },
    });
    expectError(result, 'DK_ENGINE_MISSING', 3);
  });

  it('an engine that was named and does not answer is not passed over for another', async () => {
    const dir = tempProject(QUICK);
    const result = await cli(
      ['up', '--docker-host', 'unix:///nowhere/docker.sock', '-t', 'docker', '--json'],
      { cwd: dir },
    );
    expectError(result, 'DK_ENGINE_MISSING', 3);
    expect(result.json.error.excerpt).toContain('/nowhere/docker.sock');
  });

  it('no compiler: the command that installs one', async () => {
    const dir = tempProject(QUICK);
    const env = { CC: 'no-such-compiler', DEPLOYKIT_CACHE: path.join(dir, 'empty-cache') };
    const result = await cli(['up', '-t', 'process', '--port', '0', '--json'], { cwd: dir, env });
    expectError(result, 'DK_COMPILER_MISSING', 3);
    expect(result.json.error.hint).toContain('install');
    expect(readdirSync(path.join(dir, '.deploykit/venvs'))).toEqual([]);
  });

  it('no Python of that version', async () => {
    const result = await cli(['up', '-t', 'process', '--python', '3.99', '--json'], {
      cwd: tempProject(QUICK),
    });
    expectError(result, 'DK_PYTHON_MISSING', 3);
  });

  it('no Python at all', async () => {
    const dir = tempProject(QUICK);
    const bin = path.join(dir, 'bin');
    mkdirSync(bin);
    symlinkSync(process.execPath, path.join(bin, 'node'));
    chmodSync(bin, 0o755);
    expectError(
      await cli(['up', '-t', 'process', '--json'], { cwd: dir, env: { PATH: bin } }),
      'DK_PYTHON_MISSING',
      3,
    );
  });
});

describeWith('docker', 'an engine without the base image', () => {
  it('names the ways out', async () => {
    const base = 'registry.invalid/nobody/centos:stream9';
    const dir = tempProject(QUICK);
    const result = await cli(['up', '-t', 'docker', '--base', base, '--json'], { cwd: dir });
    expectError(result, 'DK_BASE_MISSING', 3);
    expect(result.json.error.hint).toMatch(/docker load[\s\S]*--base[\s\S]*-t process/);
    expectNothingLeft('docker', dir);
  });
});

describeWith('docker', 'a base image that can have no nginx', () => {
  const base = `deploykit/debian-like-${process.pid}:12`;
  afterAll(() => docker('image', 'rm', '-f', base));

  it('is found out before anything else is built; the ways out are named', async () => {
    const pin = 'Package: nginx*\\nPin: release *\\nPin-Priority: -1\\n';
    const recipe = `FROM ${DEBIAN_BASE}\nRUN printf '${pin}' > /etc/apt/preferences.d/no-nginx\n`;
    execFileSync('docker', ['build', '--quiet', '--tag', base, '-'], { input: recipe });
    const dir = tempProject(QUICK);
    const result = await cli(['up', '-t', 'docker', '--base', base, '--json'], { cwd: dir });
    expectError(result, 'DK_FRONT_MISSING', 3);
    expect(result.json.error.excerpt).toContain('nginx-light');
    expect(result.json.error.hint).toContain('[front] kind = "none"');
    expect(result.stderr).not.toContain(`Building deploykit/${path.basename(dir).toLowerCase()}`);
    expectNothingLeft('docker', dir);
  });
});

/** @param role of containers; default: all of the project. */
function serversOf(target: 'process' | 'docker', dir: string, role?: string): string[] {
  if (target === 'docker') {
    const labels = [`project=${dir}`, ...(role ? [`role=${role}`] : [])];
    const filters = labels.flatMap((label) => ['--filter', `label=dev.deploykit.${label}`]);
    return docker('ps', '-aq', ...filters)
      .split('\n')
      .filter(Boolean);
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => isMasterOf(pid, dir));
}

function isMasterOf(pid: string, dir: string): boolean {
  const mine = (id: string | undefined): boolean => proc(id, 'cmdline').includes(`${dir}/.deploykit/`);
  const parent = /^PPid:\s+(\d+)$/m.exec(proc(pid, 'status'))?.[1];
  return mine(pid) && proc(pid, 'cmdline').includes('--ini') && !mine(parent);
}

// A process may end between two reads: it is then nobody's server.
function proc(pid: string | undefined, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
    throw error;
  }
}

function expectNothingLeft(target: 'process' | 'docker', dir: string): void {
  expect(serversOf(target, dir)).toEqual([]);
  if (target === 'docker') {
    expect(docker('images', '-q', '--filter', 'dangling=true', '--filter', `label=dev.deploykit.name`)).toBe(
      '',
    );
    // A project is named after its folder.
    const name = path.basename(dir).toLowerCase();
    expect(volumesOf(name)).toEqual([]);
    return;
  }
  const own = path.join(dir, '.deploykit/process');
  if (existsSync(own)) {
    const names = readdirSync(own);
    expect(names.filter((name) => ['state.json', 'run', 'trial', 'verify'].includes(name))).toEqual([]);
  }
  const venvs = path.join(dir, '.deploykit/venvs');
  if (existsSync(venvs)) {
    for (const name of readdirSync(venvs))
      expect(existsSync(path.join(venvs, name, '.deploykit-complete'))).toBe(true);
  }
  expect(existsSync(path.join(dir, `.deploykit/${target}.lock`))).toBe(false);
}
