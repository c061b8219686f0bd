import { DeploykitError } from '../errors.js';
import { projectTemplates } from '../host/templates.js';
import type { Artefact, Plan } from '../plan/types.js';
import { type RenderFormat, render } from '../render/render.js';
import type { Reporter } from '../targets/target.js';

/**
 * Renders with the project's own templates where it has some, and adds to the plan's decisions which ones those are.
 * @throws DeploykitError DK_TEMPLATE for a template that cannot be filled in, DK_RENDER_VALUE.
 */
export function renderPlan(
  plan: Plan,
  projectDir: string,
  options: { folder: string; format: RenderFormat; reporter: Reporter },
): { plan: Plan; artefacts: Artefact[] } {
  const templates = projectTemplates(projectDir);
  for (const name of templates.idle) {
    options.reporter.warn(`${name} replaces nothing: deploykit has no template of that path`);
  }
  if (plan.front && options.format !== 'target') {
    options.reporter.warn(
      `${options.format}: without nginx; the files describe the application alone, which takes the connections itself`,
    );
  }
  try {
    const artefacts = render(plan, templates.load, options.folder, options.format);
    const decisions = templates.used.map((name) => ({
      what: 'template',
      value: name,
      why: "it replaces deploykit's own of that path",
    }));
    return { plan: { ...plan, decisions: [...plan.decisions, ...decisions] }, artefacts };
  } catch (error) {
    const own = templates.used.at(-1);
    if (!(error instanceof DeploykitError && error.code === 'DK_TEMPLATE' && own)) throw error;
    throw new DeploykitError('DK_TEMPLATE', error.message, { ...error.details, file: own });
  }
}
