import type { Artefact, Plan } from '../plan/types.js';
import { file, HEADER, type Templates } from './artefact.js';
import { fill } from './template.js';

/** The unit of a service that runs the same uwsgi.ini. Hardening: systemd.exec(5), exposure 1.5 on systemd 252. */
export function renderSystemd(plan: Plan, templates: Templates): Artefact[] {
  const { server } = plan;
  const context = {
    header: HEADER,
    name: plan.name,
    description: `${plan.name} (uWSGI, ${server.processes} processes, ${server.slots} slots)`,
    execStart: [`${plan.layout.venv}/bin/uwsgi`, '--ini', plan.layout.ini],
    server,
    layout: plan.layout,
    env: Object.entries(plan.app.env).map(([name, value]) => `${name}=${value}`),
    nofile: Math.max(4096, 1024 + 4 * Math.max(server.async, server.threads)),
    tasks: 64 + server.processes * (server.threads + 30),
  };
  return [file(`${plan.name}.service`, fill(templates('systemd/app.service.hbs'), context))];
}
