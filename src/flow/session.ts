import path from 'node:path';
import { DeploykitError } from '../errors.js';
import { localFacts } from '../host/machine.js';
import { buildPlan } from '../plan/build-plan.js';
import { systemdLayout } from '../plan/layout.js';
import type { Artefact, Plan } from '../plan/types.js';
import { loadProject } from '../project/load.js';
import type { LoadedProject, Overrides, Project } from '../project/types.js';
import type { RenderFormat } from '../render/render.js';
import { chooseTarget, type TargetChoice } from '../targets/choose.js';
import type { Ground, Reporter, Target } from '../targets/target.js';
import { prepareCaFile } from './ca-file.js';
import { recallFlags } from './last-flags.js';
import { recallTarget } from './last-target.js';
import { renderPlan } from './render-plan.js';

export interface SessionOptions {
  dir: string;
  configFile?: string;
  target?: string;
  /** About what already runs: the target of the last `up` when none is named, and no callable needs to be found. */
  running?: boolean;
  overrides: Overrides;
  /** Engine address, instead of DOCKER_HOST, the docker context and the usual sockets. */
  dockerHost?: string | undefined;
  /** Where a systemd target builds its wheels, instead of what the project file says. */
  build?: 'host' | 'local' | undefined;
  reporter: Reporter;
  signal: AbortSignal;
}

/** A loaded project with the target that was chosen for it. */
export interface Session extends SessionOptions {
  loaded: LoadedProject;
  /** The overrides, with those of the `up` that deployed what runs. */
  applied: Overrides;
  choice: TargetChoice;
}

/** Loads the project and chooses the target. @throws DeploykitError DK_CONFIG_*, DK_DETECT_*, DK_TARGET_UNKNOWN. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { dir, configFile, reporter, signal } = options;
  const recalled = options.running ? await recallTarget(path.resolve(dir)) : undefined;
  const deployed = options.running ? await recallFlags(path.resolve(dir), options.target ?? recalled) : {};
  const applied = { ...deployed, ...options.overrides };
  const loaded = await loadProject({ dir, configFile, overrides: applied, running: options.running });
  if (options.build) overrideBuild(loaded.project, options.build);
  for (const warning of loaded.warnings) reporter.warn(warning);
  const context = { project: loaded.project, reporter, signal, dockerHost: options.dockerHost };
  const choice = await chooseTarget(options.target ?? recalled, context);
  if (options.build && choice.kind !== 'systemd') throw unusedBuild(choice);
  return { ...options, applied, loaded, choice };
}

// Which target it is about is known only when the project is loaded, so this flag is no override by path.
function overrideBuild({ target }: Project, build: 'host' | 'local'): void {
  for (const settings of Object.values(target)) if (settings.kind === 'systemd') settings.build = build;
}

function unusedBuild({ name, kind }: TargetChoice): DeploykitError {
  return new DeploykitError('DK_USAGE', `--build is for systemd targets, and ${name} is ${kind}`, {
    hint: 'Name a systemd target with -t, or leave --build out.',
  });
}

/** The plan and its files for the session's target; nothing is written. */
export async function planSession(
  session: Session,
  folder = artefactFolder(session),
  format: RenderFormat = 'target',
): Promise<{ plan: Plan; artefacts: Artefact[] }> {
  const { project } = session.loaded;
  const { name, kind, target } = session.choice;
  const ground = target ? await target.prepare() : renderOnlyGround(session);
  const plan = buildPlan({
    project: format === 'target' ? project : withoutFront(project),
    target: { name, kind },
    ...ground,
    caFileInContext: kind === 'docker' && project.image.ca_file ? path.posix.join(folder, 'ca.pem') : null,
  });
  for (const warning of plan.warnings) session.reporter.warn(warning);
  const { reporter } = session;
  const rendered = renderPlan(plan, project.dir, { folder, format, reporter });
  const artefacts = [...rendered.artefacts, ...(await prepareCaFile(project, kind))];
  return { plan: rendered.plan, artefacts: artefacts.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

/** The folder of a target's artefacts, relative to the project. */
export function artefactFolder(session: Session): string {
  return `.deploykit/${session.choice.name}`;
}

/** The target that runs things. @throws DeploykitError DK_TARGET_RENDER_ONLY for one that is only rendered. */
export function runnable({ choice }: Session): Target {
  if (choice.target) return choice.target;
  throw new DeploykitError(
    'DK_TARGET_RENDER_ONLY',
    `the target ${choice.name} (${choice.kind}) is rendered, not run`,
    {
      hint: `Write its files with: deploykit render -t ${choice.name} --out deploy, and install them by hand; or use -t docker or -t process.`,
    },
  );
}

// Compose and Quadlet files describe the application alone; only a front that was asked for is worth a warning.
function withoutFront(project: Project): Project {
  return { ...project, front: { ...project.front, kind: project.front.kind ?? 'none' } };
}

function renderOnlyGround({ loaded }: Session): Ground {
  const { project } = loaded;
  const layout = systemdLayout(project.name, project.app.dir);
  return { facts: localFacts(), layout, port: project.server.port || 8000 };
}
