import { LOCKED_REQUIREMENTS } from '../plan/layout.js';
import type { Artefact, Plan } from '../plan/types.js';
import { file, HEADER, type Templates } from './artefact.js';
import { fill } from './template.js';

/** The name of a release in files that are rendered for installation by hand. */
const BY_HAND = '1';

/** Socket, template service, user, the helper scripts, and how to install them by hand. */
export function renderSystemd(plan: Plan, templates: Templates): Artefact[] {
  const service = required(plan.service);
  const context = {
    header: HEADER,
    name: plan.name,
    description: `${plan.name} (uWSGI, ${plan.server.slots} slots), release`,
    server: plan.server,
    front: plan.front,
    ...service,
    execStart: [
      ...['/usr/bin/env', '-u', 'LISTEN_PID', '-u', 'LISTEN_FDS', '-u', 'LISTEN_FDNAMES'],
      `/srv/${plan.name}/releases/%i/venv/bin/uwsgi`,
      ...['--ini', `/srv/${plan.name}/releases/%i/uwsgi.ini`],
    ],
    release: BY_HAND,
    uwsgi: `uwsgi==${service.uwsgiVersion}`,
    pipInstalls: plan.app.pipInstalls,
    secretFiles: plan.app.secretFiles,
    credentials: Object.keys(plan.app.secretFiles),
    locked: plan.app.requirements.lock ? [LOCKED_REQUIREMENTS] : [],
  };
  const from = (template: string): string => fill(templates(template), context);
  return [
    file(`${plan.name}.socket`, from('systemd/app.socket.hbs')),
    file(`${plan.name}@.service`, from('systemd/app@.service.hbs')),
    file('sysusers.conf', from('systemd/sysusers.conf.hbs')),
    file('tmpfiles.conf', from('systemd/tmpfiles.conf.hbs')),
    file('release.conf', from('systemd/release.conf.hbs')),
    file('install.txt', from('systemd/install.txt.hbs')),
    ...['probe.py', 'recycle.py', 'verify.py', 'watchdog.py'].map((name) =>
      file(name, templates(`python/${name}`)),
    ),
  ];
}

/** The drop-in that ties the socket to a release. */
export function socketDropIn(name: string, release: string, templates: Templates): string {
  return fill(templates('systemd/release.conf.hbs'), { header: HEADER, name, release });
}

function required<T>(value: T | null): T {
  if (value === null) throw new TypeError('a systemd plan has a service');
  return value;
}
