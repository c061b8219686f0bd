import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadTemplate } from '../../src/host/templates.js';
import { buildPlan } from '../../src/plan/build-plan.js';
import { systemdLayout } from '../../src/plan/layout.js';
import { loadProject } from '../../src/project/load.js';
import type { Project } from '../../src/project/types.js';
import { render } from '../../src/render/render.js';
import { checkHost } from '../../src/targets/systemd/check-host.js';
import { type HostFacts, readFacts } from '../../src/targets/systemd/facts.js';
import { testSite } from '../../src/targets/systemd/front/site.js';
import { hostPython } from '../../src/targets/systemd/host-python.js';
import { ensureHostVenv, venvKey } from '../../src/targets/systemd/host-venv.js';
import { wheelhouseBuilder } from '../../src/targets/systemd/local-build/wheelhouse.js';
import { hostPaths } from '../../src/targets/systemd/paths.js';
import { TUTORIAL } from '../helpers/apps.js';
import { LocalHost, onHost } from '../helpers/local-host.js';
import { FACTS } from '../helpers/project.js';
import { describeWith, docker, EL_BASE } from '../helpers/rigs.js';
import { tempProject } from '../helpers/temp.js';

// The scripts of the systemd target on an EL-like root. It has no systemd and no SELinux: what those do is not seen here.
describeWith('docker', 'an EL-like host, as far as a container goes', () => {
  const dir = tempProject(TUTORIAL, { keep: true });
  let container = '';
  let project: Project;
  const facts = (change: Partial<HostFacts> = {}): HostFacts => ({
    ...{
      machine: FACTS,
      os: '',
      systemdVersion: 252,
      diskFree: 2 ** 40,
      selinux: 'none',
      hasSemanage: false,
    },
    ...{ clockSkew: 0, compiler: null, current: null, releases: [], healthy: [], venvs: [], active: [] },
    ...{ socketActive: false, osRelease: docker('exec', container, 'cat', '/etc/os-release') },
    ...change,
  });
  const here = () => onHost(new LocalHost('el', ['docker', 'exec', '-i', container]));
  const hints = async (found: HostFacts) =>
    Object.fromEntries((await checkHost(here().on, project, 'el', found)).map((row) => [row.what, row.hint]));

  beforeAll(async () => {
    container = docker('run', '-d', '--rm', EL_BASE, 'sleep', '600');
    const overrides = { name: 'shop', 'app.python': '3.11', 'server.async': 20, 'front.kind': 'nginx' };
    ({ project } = await loadProject({ dir, overrides }));
    project.target['el'] = { kind: 'systemd', build: 'local', keep: 5, relax: [], hosts: ['el'] };
  });
  afterAll(() => {
    if (container) docker('kill', container);
    rmSync(dir, { recursive: true, force: true });
  });

  it('is told what to install, by the names EL has', async () => {
    const bare = await hints(facts({ selinux: 'Enforcing' }));
    expect(bare).toMatchObject({
      os: null,
      python: expect.stringContaining('dnf install python3.11 python3.11-devel'),
      nginx: expect.stringContaining('dnf install nginx'),
      selinux: expect.stringContaining('dnf install policycoreutils-python-utils'),
    });
    expect(await hints(facts({ selinux: 'Enforcing', hasSemanage: true }))).toMatchObject({ selinux: null });
    project.target['el'] = { kind: 'systemd', build: 'host', keep: 5, relax: [], hosts: ['el'] };
    expect(await hints(facts())).toMatchObject({ compiler: expect.stringContaining('dnf install gcc') });
  });

  it('without systemd is refused, with a sentence', async () => {
    const asked = readFacts(
      here().on.host,
      'shop',
      loadTemplate('host/facts.sh'),
      new AbortController().signal,
    );
    await expect(asked).rejects.toMatchObject({ code: 'DK_HOST_UNFIT' });
  });

  it('is served by wheels that are built here, without a compiler or pip of its own', async () => {
    docker('exec', container, 'dnf', '-qy', 'install', 'python3.11');
    project.target['el'] = { kind: 'systemd', build: 'local', keep: 5, relax: [], hosts: ['el'] };
    const { on, steps } = here();
    const plan = buildPlan({
      ...{ project, target: { name: 'el', kind: 'systemd' }, facts: FACTS },
      ...{ layout: systemdLayout('shop', '.'), port: 8000 },
    });
    const artefacts = render(plan, loadTemplate, '.');
    const build = { plan, artefacts, projectDir: dir, reporter: on.reporter, signal: on.signal };
    const python = await hostPython(on, project, facts(), 'local');
    const input = { ...build, on, sourceHash: '', paths: hostPaths('shop'), facts: facts(), python };
    const key = await venvKey(input, python);
    await ensureHostVenv({ ...input, key, wheelhouse: wheelhouseBuilder(build) });
    expect(docker('exec', container, 'ls', `/srv/shop/venvs/${key}/.complete`)).not.toBe('');
    expect(steps.join('\n')).toContain('shipping 13 wheels');
    await expect(testSite({ on, plan, artefacts })).rejects.toMatchObject({
      code: 'DK_FRONT_FAILED',
      details: { excerpt: 'there is no nginx' },
    });
  });
});
