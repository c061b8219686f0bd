import { SOCKETS } from '../plan/front.js';
import { DEFAULT_IGNORE, literalPattern, secretPaths } from '../plan/ignore.js';
import { LOCKED_REQUIREMENTS } from '../plan/layout.js';
import type { Artefact, ImagePlan, Plan } from '../plan/types.js';
import { file, HEADER, type Templates } from './artefact.js';
import { containerFacts } from './container.js';
import { FRONT_RUN, FRONT_SITE, FRONT_TEMP } from './nginx.js';
import { commandWord } from './quote.js';
import { fill } from './template.js';

const HELPERS = ['probe.py', 'recycle.py', 'verify.py', 'watchdog.py'];

// SCHED_BATCH (sched(7)): nginx runs at once where a core is free, and where none is it does not take one from a worker in
// the middle of a request, but in its turn. On one core that is worth 1.4 times the requests of a Flask application. Where
// it is refused nginx runs as ever.
const BATCH = 'chrt -b -p 0 $$; exec "$0" "$@"';

/**
 * Dockerfile, its own ignore file, and the helper scripts.
 * @param others further files that will lie in the folder and do not belong into the image.
 */
export function renderDocker(plan: Plan, templates: Templates, folder: string, others: string[]): Artefact[] {
  const image = required(plan.image);
  const at = (name: string): string => (folder === '.' ? name : `${folder}/${name}`);
  const locked = (plan.app.requirements.lock?.packages.length ?? 0) > 0 ? [LOCKED_REQUIREMENTS] : [];
  const kept = ['Dockerfile', ...HELPERS, 'uwsgi.ini', ...locked, ...(image.caFile ? ['ca.pem'] : [])];
  const unwanted = plan.front
    ? ['Front.Dockerfile', 'nginx.conf', 'nginx-site.conf', 'nginx-upstream.conf', ...others]
    : others;
  const context = {
    header: HEADER,
    buildFiles: [...kept, 'Dockerfile.dockerignore', ...unwanted].map((name) => `/app/${at(name)}`),
    image,
    layout: plan.layout,
    container: plan.container,
    warnings: plan.warnings,
    el: image.family === 'el',
    archiveCommand: archiveCommand(image.archive),
    lean:
      image.packageManager === 'yum' ? '--setopt=tsflags=nodocs' : '--setopt=install_weak_deps=0 --nodocs',
    uwsgi: `uwsgi==${image.uwsgiVersion}`,
    pipInstalls: plan.app.pipInstalls,
    requirementFiles: [
      ...image.requirementFiles.map((path) => ({ from: path, to: `./${path}` })),
      ...locked.map((name) => ({ from: at(name), to: `./${name}` })),
    ],
    ...buildMounts(image),
    scripts: HELPERS.map(at),
    ini: at('uwsgi.ini'),
    healthCommand: containerFacts(plan).health,
    entrypoint: [`${plan.layout.venv}/bin/uwsgi`, '--ini', plan.layout.ini],
  };
  const ignore = [
    ...DEFAULT_IGNORE,
    ...kept.map((name) => `!${at(name)}`),
    ...secretPaths(plan.app).map(literalPattern),
  ];
  return [
    file('Dockerfile', fill(templates('docker/Dockerfile.hbs'), context)),
    file(
      'Dockerfile.dockerignore',
      fill(templates('docker/Dockerfile.dockerignore.hbs'), { header: HEADER, ignore }),
    ),
    ...(plan.front ? [file('Front.Dockerfile', frontDockerfile(context, templates))] : []),
    file('probe.py', templates('python/probe.py')),
    file('recycle.py', templates('python/recycle.py')),
    file('verify.py', templates('python/verify.py')),
    file('watchdog.py', templates('python/watchdog.py')),
  ];
}

// nginx of the base's own distribution; what it is told comes in a volume, so that one image serves every project.
function frontDockerfile(context: Record<string, unknown>, templates: Templates): string {
  return fill(templates('docker/Front.Dockerfile.hbs'), {
    ...context,
    folders: [SOCKETS, FRONT_RUN, FRONT_TEMP],
    entrypoint: ['sh', '-c', BATCH, 'nginx', '-c', `${FRONT_SITE}/current/nginx.conf`],
  });
}

// A cache a base: a wheel of uWSGI built for one CPython must not reach another (it starts, and gevent dies at boot).
function buildMounts(image: ImagePlan): Record<string, string> {
  const cacheId = `deploykit-pip-${image.base}-${image.python}`.replace(/[^A-Za-z0-9.-]+/g, '-');
  const cacheMount = `--mount=type=cache,id=${cacheId},target=/root/.cache/pip `;
  if (!image.caFile) return { cacheMount, caMount: '', caDnf: '', caApt: '', caPip: '' };
  // Bound into the one command that needs it: no layer ever holds it.
  const ca = '/run/deploykit-ca.pem';
  return {
    cacheMount,
    caMount: `--mount=type=bind,source=${commandWord(image.caFile)},target=${ca} `,
    caDnf: ` --setopt=sslcacert=${ca}`,
    caApt: ` -o Acquire::https::CaInfo=${ca}`,
    caPip: `PIP_CERT=${ca} `,
  };
}

// Of `http://mirror.centos.org/centos/$releasever/os`, the host, the distribution and the release are replaced.
function archiveCommand(archive: string | null): string {
  const base = `https://vault.centos.org/${archive}`;
  const program = `s|^mirrorlist=|#mirrorlist=|; s|^#* *baseurl=http://mirror.centos.org/[^/]*/[^/]*|baseurl=${base}|`;
  return `sed -i ${commandWord(program)} /etc/yum.repos.d/CentOS-*.repo`;
}

function required<T>(value: T | null): T {
  if (value === null) throw new TypeError('a docker plan has an image');
  return value;
}
