import { execFileSync } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CliResult, cli } from '../helpers/cli.js';
import { ASK, PROBING, TLS_SERVER } from '../helpers/probing-app.js';
import { describeWith } from '../helpers/rigs.js';
import { tempProject } from '../helpers/temp.js';
import { startVm, type Vm, vmTarget } from '../helpers/vm.js';

const SECRET = 'the-contents-of-a-secret-file';
const DOWNLOAD = ['apt-get', '-qq', 'download', 'nginx', 'nginx-common'].join(' ');
const FRONT = '[front]\nkind = "nginx"\n';
const MISSING = 'tls_certificate = "/etc/ssl/none.pem"\ntls_key = "/etc/ssl/none.key"\n';

// One VM, with nginx, and one deployment behind it.
describeWith('vm', 'a hardened service behind nginx on a VM', () => {
  const dir = tempProject({ ...PROBING, 'api.secret': SECRET }, { keep: true });
  let vm: Vm;
  const project = (front: string, hosts = '"vm-deploy"'): void => {
    const target = vmTarget(vm, 'HOSTS', 'build = "local"').replace('"HOSTS"', hosts);
    const app = 'module = "probing:app"\nsecret_files = { api = "api.secret" }';
    const server = 'processes = 2\nasync = 20\nstatic = { "/static/" = "static" }';
    const text = `name = "shop"\n[app]\n${app}\n[server]\n${server}\n${front}${target}`;
    writeFileSync(path.join(dir, 'deploykit.toml'), text);
  };
  const deploykit = (...args: string[]): Promise<CliResult> =>
    cli([...args, '-t', 'vm', '--json'], { cwd: dir });

  beforeAll(() => {
    vm = startVm();
    installNginx(vm);
    vm.sh(TLS_SERVER);
  });
  afterAll(() => {
    vm?.kill();
    rmSync(dir, { recursive: true, force: true });
  });

  it('a login that may not use sudo: check names the line that it needs, and with it all is well', async () => {
    vm.sh('mv /etc/sudoers.d/deploy /root/');
    project(FRONT);
    const refused = await deploykit('check');
    expect(refused.exitCode).toBe(4);
    const login = findings(refused).find(({ what }) => what === 'vm-deploy login');
    expect(login?.message).toContain('deploy may not use sudo');
    const line = /this line: (.*)$/.exec(login?.remedy ?? '')?.[1] ?? '';
    vm.sh(`echo '${line}' > /etc/sudoers.d/deploykit && visudo -cqf /etc/sudoers.d/deploykit`);
    const checked = await deploykit('check');
    expect(
      findings(checked).filter(({ severity }) => severity === 'error'),
      checked.stdout,
    ).toEqual([]);
  });

  it('a site that nginx refuses: nothing is switched, and nginx has the configuration it had', async () => {
    project(FRONT + MISSING);
    const refused = await deploykit('up');
    expect(refused.json.error, refused.stdout).toMatchObject({
      code: 'DK_FRONT_FAILED',
      excerpt: expect.stringContaining('/etc/ssl/none.pem'),
    });
    expect(vm.sh('ls /etc/nginx/sites-available /etc/nginx/sites-enabled; nginx -t 2>&1')).not.toContain(
      'shop',
    );
  });

  it('the application does all it does under the hardening, and nginx serves its files', async () => {
    project(FRONT);
    const result = await deploykit('up');
    expect(result.json.ok, result.stdout + result.stderr).toBe(true);
    const answers = JSON.parse(vm.sh(`python3 -c '${ASK.replaceAll("'", `'\\''`)}'`));
    expect(answers).toMatchObject({
      ...{ page: '<p>rendered</p>', upload: '300000', tls: 'TLSv1.3', state: '1', server: 'nginx' },
      ...{ static: 'p { color: teal }', secret: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    const { uid, denied } = JSON.parse(answers.self);
    expect(uid).not.toBe(0);
    expect(denied).toHaveLength(5);
    expect(vm.sh('stat -c "%a %U" /run/deploykit-shop.sock')).toBe('600 www-data');
    const units = '/etc/systemd/system/shop@.service /etc/systemd/system/shop.socket';
    expect(vm.sh(`systemd-analyze verify --man=no ${units} 2>&1`)).toBe('');
    const exposure = vm.sh('systemd-analyze security --no-pager shop@x.service');
    expect(Number(/exposure level for \S+ ([\d.]+)/.exec(exposure)?.[1])).toBeLessThanOrEqual(2);
  });

  it('a secret file is shown to the service and to nobody else', async () => {
    vm.sh(`umask 077; printf %s%s ${SECRET.slice(0, 9)} ${SECRET.slice(9)} > /root/pattern`);
    const folders = '/srv /etc /run /var/lib /var/log /tmp';
    const found = `find ${folders} -xdev -type f -perm /044 -exec grep -alFf /root/pattern {} + 2>/dev/null || true`;
    expect(vm.sh(found)).toBe('');
    expect(vm.sh('stat -c "%a %U" /etc/deploykit/shop/*.secrets/api')).toBe('600 root');
    expect(vm.sh('find /srv/shop/releases -name api.secret')).toBe('');
    for (const verb of ['status', 'logs', 'plan', 'render', 'config', 'releases']) {
      const { stdout, stderr } = await cli([verb, '-vv', ...(verb === 'config' ? [] : ['-t', 'vm'])], {
        cwd: dir,
      });
      expect(stdout + stderr, verb).not.toContain(SECRET);
    }
    const local = path.join(dir, '.deploykit/vm');
    for (const name of readdirSync(local))
      expect(readFileSync(path.join(local, name), 'utf8')).not.toContain(SECRET);
  });

  it('of two hosts, one that cannot be reached stops all before anything; a canary that fails is the only one begun', async () => {
    appendFileSync(path.join(dir, 'probing.py'), 'raise SystemError("broken")\n');
    project(FRONT, '"vm-deploy", "nowhere.invalid"');
    expect((await deploykit('up')).json.error).toMatchObject({ code: 'DK_HOST_UNREACHABLE' });
    project(FRONT, '"vm-deploy", "vm"');
    const broken = await deploykit('up');
    expect(broken.json.error, broken.stdout).toMatchObject({
      code: 'DK_APP_IMPORT',
      hosts: [
        { host: 'vm-deploy', outcome: 'failed' },
        { host: 'vm', outcome: 'not begun' },
      ],
    });
    project(FRONT);
  });

  it('down takes the site out of nginx', async () => {
    expect((await deploykit('down')).json.ok).toBe(true);
    expect(
      vm.sh('ls /etc/nginx/sites-available /etc/nginx/sites-enabled; ss -Hltn "sport = :8000"'),
    ).not.toMatch(/shop|8000/);
  });
});

interface Finding {
  severity: string;
  what: string;
  message: string;
  remedy: string | null;
}

function findings({ json }: CliResult): Finding[] {
  return json.data.findings;
}

// The packages of this machine's distribution, which is the VM's: no apt lists are fetched there.
function installNginx(vm: Vm): void {
  const folder = tempProject({}, { keep: true });
  try {
    execFileSync('sh', ['-c', DOWNLOAD], { cwd: folder, stdio: 'ignore' });
    const debs = execFileSync('tar', ['-C', folder, '-c', '.']);
    const install =
      'tar -x -C /root && DEBIAN_FRONTEND=noninteractive dpkg -i /root/*.deb > /root/dpkg.log 2>&1';
    execFileSync('ssh', ['-F', vm.config, 'vm', install], { input: debs });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
