import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TUTORIAL } from '../helpers/apps.js';
import { type CliOptions, type CliResult, cli } from '../helpers/cli.js';
import { describeWith } from '../helpers/rigs.js';
import { tempProject } from '../helpers/temp.js';
import { startVm, type Vm, vmTarget } from '../helpers/vm.js';
import { contention } from './vm/contention.js';
import { cost } from './vm/cost.js';
import { crashes } from './vm/crashes.js';
import { type Deployment, startLoad } from './vm/deployment.js';
import { django } from './vm/django.js';
import { replaced } from './vm/replaced.js';

const SECRET = 'correct-horse-battery-staple';

const SILENT = `
import logging

app.logger.handlers[:] = [logging.NullHandler()]
app.logger.propagate = False


@app.before_request
def broken():
    raise KeyError("stock")
`;

// Fifty at once, and the service is stopped while all of them are being served.
const FIFTY = `
import subprocess, threading, time, urllib.request
codes = []
def get():
    codes.append(urllib.request.urlopen("http://127.0.0.1:8000/", timeout=60).status)
threads = [threading.Thread(target=get) for _ in range(50)]
for thread in threads: thread.start()
time.sleep(0.6)
subprocess.run("systemctl stop \\"shop@*\\"", shell=True, check=True)
for thread in threads: thread.join()
print("%d of 50" % codes.count(200))`;

// One VM and one deployment through its life: each step stands on the one before.
describeWith('vm', 'a systemd service on a VM', () => {
  const dir = tempProject(TUTORIAL, { keep: true });
  let vm: Vm;
  const file = (name: string): string => path.join(dir, name);
  const run = (args: string[], options: CliOptions = {}): Promise<CliResult> =>
    cli([...args, '-t', 'vm', '--json'], { cwd: dir, env: { TOKEN: SECRET }, ...options });
  const deploykit = (...args: string[]): Promise<CliResult> => run(args);
  const up = (options?: CliOptions): Promise<CliResult> =>
    run(['up', '--processes', '2', '--async', '100', '-v'], options);
  const release = async (): Promise<string> => vm.sh('basename "$(readlink /srv/shop/current)"');
  const deployment: Deployment = { dir, vm: () => vm, file, deploykit, up, release };

  beforeAll(async () => {
    vm = startVm('--no-compiler', '--offline');
    vm.sh(`sed -i '1i umask 077' ~deploy/.bashrc`); // as on a hardened machine
    expect((await cli(['init', '--name', 'shop', '--json'], { cwd: dir })).json.ok).toBe(true);
    appendFileSync(file('deploykit.toml'), `\n${vmTarget(vm, 'vm-deploy', 'build = "local"')}`);
    writeFileSync(
      file('deploykit.toml'),
      readFileSync(file('deploykit.toml'), 'utf8').replace('[app]', '[app]\nsecrets = ["TOKEN"]'),
    );
  });
  afterAll(() => {
    vm?.kill();
    rmSync(dir, { recursive: true, force: true });
  });

  it('from nothing: up as a sudo user, without compiler or network there', { timeout: 900_000 }, async () => {
    const there = await deploykit('up', '--build', 'host');
    expect(there.json.error, there.stdout).toMatchObject({
      code: 'DK_COMPILER_MISSING',
      hint: expect.stringContaining('--build local'),
    });
    const result = await up();
    expect(result.json.ok, result.stdout + result.stderr).toBe(true);
    // The host has no library of its interpreter either; what it has is not shipped.
    expect(vm.sh('ls /srv/shop/venvs/*/lib/deploykit')).toBe('libpython3.11.so.1.0');
  });

  it('bench proves 2 × 100', async () => {
    const bench = await deploykit('bench', '--no-throughput');
    expect(bench.json.data, bench.stdout).toMatchObject({ verdict: 'PASS', wave: { waves: [200, 20] } });
  });

  it('up again changes nothing', async () => {
    const again = await up();
    expect(again.json.data).toMatchObject({ changed: false });
  });

  it('a secret is in no unit, journal, process list, readable file or output', async () => {
    // By a file only root reads: in an argument list the search would find itself.
    vm.sh(`umask 077; printf %s%s ${SECRET.slice(0, 8)} ${SECRET.slice(8)} > /root/pattern`);
    const found = (command: string): string => vm.sh(`(${command}) | grep -acFf /root/pattern || true`);
    expect(
      found(
        'systemctl show "shop@*" shop.socket; systemctl cat "shop@*"; journalctl --no-pager -u "shop@*"; ps axww',
      ),
    ).toBe('0');
    expect(
      found('find /srv/shop /etc/systemd /run/systemd -type f -perm /004 -exec cat {} + 2>/dev/null'),
    ).toBe('0');
    expect((await deploykit('status')).stdout).not.toContain(SECRET);
    const dry = await deploykit('up', '--dry-run', '-vv');
    expect(dry.stdout + dry.stderr).not.toContain(SECRET);
    expect(vm.sh('stat -c %a /etc/deploykit/shop/*.env').split('\n')).toContain('600');
    const pid = vm.sh('systemctl show --value -p MainPID "shop@*"');
    expect(vm.sh(`tr "\\0" "\\n" < /proc/${pid}/environ`)).toContain(`TOKEN=${SECRET}`);
  });

  it('the unit on the machine itself: verify is clean, exposure at most 2.0', () => {
    expect(
      vm.sh(
        'systemd-analyze verify /etc/systemd/system/shop@.service /etc/systemd/system/shop.socket 2>&1 | grep shop || true',
      ),
    ).toBe('');
    expect(
      Number(
        /exposure level for \S+ ([\d.]+)/.exec(
          vm.sh('systemd-analyze security --no-pager "shop@x.service"'),
        )?.[1],
      ),
    ).toBeLessThanOrEqual(2);
  });

  it.each([
    ['that cannot be imported', 'DK_APP_IMPORT', 'import nowhere_to_be_found\n', '', 'nowhere_to_be_found'],
    // Asked once more, in a unit like the service.
    ['that logs no traceback', 'DK_APP_UNHEALTHY', '', SILENT, "KeyError: 'stock'"],
  ])('a release %s shows its traceback and does not touch the one that serves', async (...row) => {
    const [, code, before, after, excerpt] = row;
    const serving = await release();
    const source = readFileSync(file('s1.py'), 'utf8');
    writeFileSync(file('s1.py'), before + source + after);
    const broken = await up();
    writeFileSync(file('s1.py'), source);
    expect(broken.exitCode, broken.stdout).toBe(1);
    expect(broken.json.error).toMatchObject({ code, excerpt: expect.stringContaining(excerpt) });
    expect(await release()).toBe(serving);
    expect(vm.sh('systemctl list-units --plain --no-legend --all "shop-*" | cat')).toBe('');
  });

  it('Ctrl-C while a release is tried: exit 130, no trial is left, the old one serves', async () => {
    const before = await release();
    const source = readFileSync(file('s1.py'), 'utf8');
    writeFileSync(file('s1.py'), `import time\ntime.sleep(20)\n${source}`);
    let sent = false;
    const args = ['up', '-t', 'vm', '--processes', '2', '--async', '100'];
    const interrupted = await cli(args, {
      cwd: dir,
      env: { TOKEN: SECRET },
      onStderr: (text, kill) => {
        if (sent || !text.includes('trying release')) return;
        sent = true;
        setTimeout(() => kill('SIGINT'), 6000);
      },
    });
    writeFileSync(file('s1.py'), source);
    expect(interrupted.exitCode, interrupted.stderr).toBe(130);
    expect(vm.sh('systemctl list-units --plain --no-legend --state=active,activating "shop-trial*"')).toBe(
      '',
    );
    expect(vm.sh('ls /srv/shop/releases').split('\n')).toEqual([before]);
    expect(await release()).toBe(before);
  });

  it('an update under load loses no request and rebuilds no environment; rollback goes back', async () => {
    const first = await release();
    const load = await startLoad(vm);
    appendFileSync(file('s1.py'), '# changed\n');
    const update = await up();
    const { failed, sent } = await load.stop();
    expect(update.json.data, update.stdout).toMatchObject({ changed: true });
    expect(update.stderr).not.toContain('virtual environment');
    expect(sent).toBeGreaterThan(20);
    expect(failed).toBe(0);
    const back = await deploykit('rollback');
    expect(back.json.data, back.stdout).toEqual({ release: first });
    expect((await deploykit('releases')).json.data.releases).toHaveLength(2);
  });

  cost(deployment);
  crashes(deployment);
  contention(deployment);

  it('a stop with 50 requests of one second in flight loses none', () => {
    expect(vm.sh(`python3 -c '${FIFTY}'`)).toBe('50 of 50');
  });

  replaced(deployment);

  it('down --purge leaves nothing', async () => {
    expect((await deploykit('down', '--purge')).json.ok).toBe(true);
    const places =
      '/srv/shop /etc/deploykit/shop /etc/systemd/system/shop* /etc/systemd/system/*.wants/shop*';
    expect(vm.sh(`ls -d ${places} 2>/dev/null; true`)).toBe('');
  });

  django(() => vm);
});
