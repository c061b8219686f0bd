import type { Artefact, Plan } from '../plan/types.js';
import { file, HEADER, type Templates } from './artefact.js';
import { renderDocker } from './docker.js';
import { renderFront } from './nginx.js';
import { renderRequirements } from './requirements.js';
import { renderSystemd } from './systemd.js';
import { fill } from './template.js';

/**
 * The files of a plan, sorted by path. Pure: templates come through the loader.
 * @param folder where the artefacts will lie, relative to the project folder, with `/`: the Dockerfile copies from it.
 * @throws DeploykitError DK_RENDER_VALUE when a value does not fit its format.
 */
export function render(plan: Plan, templates: Templates, folder: string): Artefact[] {
  const ini = file(
    'uwsgi.ini',
    fill(templates('uwsgi/uwsgi.ini.hbs'), { header: HEADER, settings: plan.server.settings }),
  );
  const artefacts = [
    ini,
    ...renderRequirements(plan),
    ...forTarget(plan, templates, folder),
    ...renderFront(plan, templates),
  ];
  return artefacts.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function forTarget(plan: Plan, templates: Templates, folder: string): Artefact[] {
  switch (plan.target.kind) {
    case 'docker':
      return renderDocker(plan, templates, folder);
    case 'process':
      return [file('verify.py', templates('python/verify.py'))];
    case 'systemd':
      return renderSystemd(plan, templates);
  }
}
