import { describe, expect, it } from 'vitest';
import { buildPlan } from '../../src/plan/build-plan.js';
import { containerLayout, systemdLayout } from '../../src/plan/layout.js';
import { parseSize } from '../../src/plan/placement.js';
import { renderRequirements } from '../../src/render/requirements.js';
import { FACTS, makeProject } from '../helpers/project.js';

function plan(change: Parameters<typeof makeProject>[0] = {}, kind: 'docker' | 'systemd' = 'docker') {
  const project = makeProject(change);
  const layout =
    kind === 'docker' ? containerLayout(project.app.dir) : systemdLayout(project.name, project.app.dir);
  return buildPlan({
    project,
    target: { name: kind, kind },
    facts: FACTS,
    layout,
    port: project.server.port,
  });
}

const settings = (change: Parameters<typeof makeProject>[0]) =>
  Object.fromEntries(plan(change).server.settings);

describe('the plan', () => {
  it('is the same for the same input', () => {
    expect(JSON.stringify(plan())).toBe(JSON.stringify(plan()));
  });

  it('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(plan()))).toEqual(plan());
  });

  it('gives a reason for every decision', () => {
    for (const decision of plan().decisions) expect(decision.why).not.toBe('');
  });
});

describe('recycling', () => {
  const why = (processes: number): string | undefined =>
    plan({ server: { processes, max_requests: 500 } }).decisions.find(({ what }) => what === 'recycling')
      ?.why;

  it('is decided only where it is asked for, and says what it costs', () => {
    expect(plan().decisions.map(({ what }) => what)).not.toContain('recycling');
    expect(why(2)).toMatch(/one after another/);
    expect(why(1)).toMatch(/requests wait/);
  });

  it('is not left to each worker: all would go at once', () => {
    const asked = settings({ server: { max_requests: 500 } });
    expect(asked).toMatchObject({
      'set-placeholder': 'recycle-after=500',
      mule: '/opt/deploykit/recycle.py',
      'master-fifo': '/run/deploykit/master.fifo',
    });
    expect(asked).not.toHaveProperty('max-requests');
    expect(settings({})).not.toHaveProperty('mule');
  });
});

describe('uwsgi settings', () => {
  it('serve static folders of the project, wherever the app starts', () => {
    const change = { app: { dir: 'src' }, server: { static: { '/s': 'pub' } } };
    expect(settings(change)).toMatchObject({ chdir: '/app/src', 'static-map': '/s=/app/pub' });
  });

  it('begin with strict, so that every later line is checked', () => {
    expect(plan().server.settings[0]).toEqual(['strict', true]);
  });

  it('gevent: early patch, lazy apps, never threads, no harakiri', () => {
    const ini = settings({ server: { async: 100 } });
    expect(ini).toMatchObject({ gevent: 100, 'gevent-early-monkey-patch': true, 'lazy-apps': true });
    for (const absent of ['threads', 'harakiri', 'die-on-term', 'gevent-monkey-patch', 'daemonize', 'http']) {
      expect(ini).not.toHaveProperty(absent);
    }
  });

  it('threads: a thunder lock with several processes, harakiri as long as a request', () => {
    expect(settings({ server: { threads: 4, processes: 2 } })).toMatchObject({
      threads: 4,
      'thunder-lock': true,
      harakiri: 30,
    });
    expect(settings({ server: { threads: 4, processes: 1 } })).not.toHaveProperty('thunder-lock');
  });

  it('listen stands before the socket it applies to', () => {
    const names = plan().server.settings.map(([name]) => name);
    expect(names.indexOf('listen')).toBeLessThan(names.indexOf('http-socket'));
  });

  it('take further options by their own names, repeated for lists, absent for false', () => {
    const extra = plan({
      server: {
        uwsgi: { 'ignore-sigpipe': true, 'add-header': ['A: b', 'C: d'], 'log-x-forwarded-for': false },
      },
    });
    expect(extra.server.settings.slice(-3)).toEqual([
      ['ignore-sigpipe', true],
      ['add-header', 'A: b'],
      ['add-header', 'C: d'],
    ]);
  });

  it.each(['daemonize', 'die-on-term', 'threads', 'gevent-monkey-patch', 'stats', 'http'])(
    'refuse %s',
    (name) => {
      expect(() => plan({ server: { uwsgi: { [name]: 'x' } } })).toThrow(
        expect.objectContaining({ code: 'DK_UWSGI_OPTION' }),
      );
    },
  );

  it('suggest the nearest name for an unknown option', () => {
    expect(() => plan({ server: { uwsgi: { 'ignore-sigpip': true } } })).toThrow(
      expect.objectContaining({
        details: expect.objectContaining({ hint: 'Did you mean "ignore-sigpipe"?' }),
      }),
    );
  });
});

describe('the image', () => {
  it.each([
    ['quay.io/centos/centos:stream9', null, 'dnf', 'python3.11'],
    ['quay.io/centos/centos:stream10', null, 'dnf', 'python3.12'],
    ['registry.access.redhat.com/ubi9/ubi-minimal', null, 'microdnf', 'python3.11'],
    ['rockylinux/rockylinux:9-minimal', '3.12', 'microdnf', 'python3.12'],
    ['quay.io/centos/centos:stream9', '3.9', 'dnf', 'python3.9'],
    ['debian:12-slim', null, 'apt-get', 'python3'],
    ['python:3.12-slim', '3.12', 'apt-get', 'python3'],
    ['deploykit/el9-like:9', null, 'dnf', 'python3.11'],
    ['quay.io/centos/centos:7', null, 'yum', 'python3.6'],
    ['registry.access.redhat.com/ubi7/ubi', null, 'yum', 'python3.6'],
    ['quay.io/centos/centos:stream8', '3.9', 'dnf', 'python3.9'],
    ['almalinux:8.10', null, 'dnf', 'python3.11'],
    ['almalinux:9-minimal', null, 'microdnf', 'python3.11'],
    ['registry.access.redhat.com/ubi10/ubi-minimal', '3.14', 'microdnf', 'python3.14'],
    ['registry.fedoraproject.org/fedora:42', null, 'dnf', 'python3'],
    ['fedora:42', '3.13', 'dnf', 'python3'],
    ['fedora:42', '3.9', 'dnf', 'python3.9'],
    ['localhost:5000/ubuntu:24.04', null, 'apt-get', 'python3'],
    ['python:3.11-slim-bookworm', null, 'apt-get', 'python3'],
  ] as const)('%s with Python %s', (base, python, packageManager, interpreter) => {
    expect(plan({ image: { base }, app: { python } }).image).toMatchObject({
      packageManager,
      python: interpreter,
    });
  });

  it('installs what is called python3 on that release by that name', () => {
    expect(plan({ app: { python: '3.9' } }).image?.runPackages).toContain('python3');
    expect(plan({ app: { python: '3.11' } }).image?.runPackages).toContain('python3.11');
  });

  it('refuses a base of unknown family and a Python the base has not', () => {
    expect(() => plan({ image: { base: 'alpine:3' } })).toThrow(
      expect.objectContaining({ code: 'DK_IMAGE_FAMILY' }),
    );
    for (const [base, python] of [
      ['debian:12', '3.13'],
      ['quay.io/centos/centos:stream9', '3.10'],
      ['quay.io/centos/centos:stream10', '3.9'],
    ] as const)
      expect(() => plan({ image: { base }, app: { python } })).toThrow(
        expect.objectContaining({ code: 'DK_CONFIG_INVALID' }),
      );
  });

  it('names packages as the release does', () => {
    const packages = (base: string, python: string | null) =>
      plan({ image: { base }, app: { python } }).image;
    expect(packages('almalinux:8', '3.9')?.buildPackages).toContain('python39-devel');
    expect(packages('centos:7', null)).toMatchObject({
      runPackages: ['python3', 'pcre'],
      archive: '7.9.2009',
    });
    expect(packages('fedora:42', '3.9')?.buildPackages).toContain('/usr/bin/python3.9-config');
  });

  it.each([
    ['quay.io/centos/centos:7', '7.9.2009', 2],
    ['quay.io/centos/centos:8', '8.5.2111', 1],
    ['quay.io/centos/centos:stream8', '8-stream', 1],
    ['registry.access.redhat.com/ubi7/ubi', null, 2],
    ['almalinux:8', null, 0],
    ['python:3.9-slim-bullseye', null, 1],
    ['ubuntu:20.04', null, 1],
    ['debian:12', null, 0],
  ])('%s: packages from the archive %s, %i warnings of an end of life', (base, archive, count) => {
    const { image, warnings } = plan({ image: { base } });
    expect(image?.archive).toBe(archive);
    expect(warnings.filter((text) => text.includes('end of life'))).toHaveLength(count);
  });

  it('gives an old Python the last pip that runs on it', () => {
    expect(plan({ image: { base: 'centos:7' } }).image?.installers[0]).toBe('pip==21.3.1');
    expect(plan().image?.installers).toEqual([]);
  });

  it('installs gevent beside the requirements unless they name it', () => {
    expect(plan().app.pipInstalls).toEqual([['-r', 'requirements.txt', 'gevent']]);
    const pinned = {
      kind: 'declared',
      file: 'pyproject.toml',
      files: [],
      specs: ['flask', 'Gevent==25.9'],
    } as const;
    expect(
      plan({ app: { requirements: { ...pinned, files: [], specs: [...pinned.specs] } } }).app.pipInstalls,
    ).toEqual([['flask', 'Gevent==25.9']]);
  });

  it('a list with hashes is a run of pip of its own', () => {
    const list = {
      kind: 'requirements',
      file: 'r.txt',
      files: ['r.txt'],
      specs: ['flask==3'],
      hashed: true,
    } as const;
    const own = { ...list, files: [...list.files], specs: [...list.specs] };
    expect(plan({ app: { requirements: own } }).app.pipInstalls).toEqual([['-r', 'r.txt'], ['gevent']]);
  });

  it('a lock is a rendered file that pip checks, then what has no hash, then gevent', () => {
    const requirements = {
      kind: 'lock' as const,
      file: 'uv.lock',
      files: ['uv.lock'],
      specs: ['flask==3', './lib'],
      hashed: true,
      lock: {
        packages: [
          {
            name: 'flask',
            requirement: 'flask==3 ; a == "1"',
            hashes: ['sha256:a', 'sha256:b'],
            compiled: null,
          },
        ],
        direct: ['./lib'],
        indexes: ['https://h/simple'],
      },
    };
    const made = plan({ app: { requirements } });
    expect(made.app.pipInstalls).toEqual([
      ['--no-deps', '--require-hashes', '-r', 'requirements.lock.txt'],
      ['--no-deps', './lib'],
      ['gevent'],
    ]);
    expect(made.image?.needsSource).toBe(true);
    const [file] = renderRequirements(made);
    expect(file?.contents.split('\n').slice(1)).toEqual([
      '# From uv.lock.',
      '--extra-index-url https://h/simple',
      'flask==3 ; a == "1" \\',
      '    --hash=sha256:a \\',
      '    --hash=sha256:b',
      '',
    ]);
  });
});

describe('small parts', () => {
  it('sizes are powers of 1024', () => {
    expect([parseSize('512m'), parseSize('2G'), parseSize('64k')]).toEqual([
      512 * 1024 ** 2,
      2 * 1024 ** 3,
      65_536,
    ]);
  });
});
