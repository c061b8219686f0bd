import { DeploykitError } from '../errors.js';
import type { Artefact, Plan } from '../plan/types.js';
import { file, HEADER, type Templates } from './artefact.js';
import { renderCompose } from './compose.js';
import { renderDocker } from './docker.js';
import { renderFront } from './nginx.js';
import { renderQuadlet } from './quadlet.js';
import { renderRequirements } from './requirements.js';
import { renderSystemd } from './systemd.js';
import { fill } from './template.js';

/** `target`: what the target itself uses; the others add files for a tool of that name. */
export type RenderFormat = 'target' | 'compose' | 'quadlet';

/**
 * The files of a plan, sorted by path. Pure: templates come through the loader.
 * @param folder where the artefacts will lie, relative to the project folder, with `/`: the Dockerfile copies from it.
 * @param format what reads them: deploykit itself, or also Compose or Podman, on a docker target.
 * @throws DeploykitError DK_RENDER_VALUE when a value does not fit its format.
 */
export function render(
  plan: Plan,
  templates: Templates,
  folder: string,
  format: RenderFormat = 'target',
): Artefact[] {
  const ini = file(
    'uwsgi.ini',
    fill(templates('uwsgi/uwsgi.ini.hbs'), { header: HEADER, settings: plan.server.settings }),
  );
  const forTool = toolFiles(plan, templates, folder, format);
  const artefacts = [
    ini,
    ...renderRequirements(plan),
    ...forTarget(plan, templates, folder, forTool),
    ...renderFront(plan, templates),
    ...forTool,
  ];
  return artefacts.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function toolFiles(plan: Plan, templates: Templates, folder: string, format: RenderFormat): Artefact[] {
  if (format === 'target') return [];
  if (plan.target.kind !== 'docker') {
    throw new DeploykitError(
      'DK_USAGE',
      `--format ${format} describes containers, and this target is ${plan.target.kind}`,
      {
        hint: `Name a docker target: deploykit render -t docker --format ${format}`,
      },
    );
  }
  return format === 'compose' ? [renderCompose(plan, folder)] : renderQuadlet(plan, templates);
}

function forTarget(plan: Plan, templates: Templates, folder: string, others: Artefact[]): Artefact[] {
  switch (plan.target.kind) {
    case 'docker':
      return renderDocker(
        plan,
        templates,
        folder,
        others.map(({ path }) => path),
      );
    case 'process':
      return ['recycle.py', 'verify.py', 'watchdog.py'].map((name) =>
        file(name, templates(`python/${name}`)),
      );
    case 'systemd':
      return renderSystemd(plan, templates);
  }
}
