import type { Project } from '../project/types.js';
import { UWSGI_VERSION } from '../uwsgi/options.js';
import { type BaseImage, baseImage } from './base-image.js';
import { interpreter } from './interpreter.js';
import { hasGevent } from './pip-installs.js';
import type { Decision, ImagePlan } from './types.js';

// An arbitrary numeric user: Kubernetes and `no-new-privileges` need no passwd entry, and 0 < id < 2^16 everywhere.
const UID = 10001;
const GID = 10001;

/**
 * The image: family and package manager by the base's name, interpreter, packages.
 * @throws DeploykitError DK_IMAGE_FAMILY, DK_CONFIG_INVALID (a Python the base has not).
 */
export function planImage(
  project: Project,
  caFileInContext: string | null,
): { image: ImagePlan; decisions: Decision[]; warnings: string[] } {
  const base = baseImage(project.image.base, project.image.family);
  const python = interpreter(base, project.app.python);
  const requirements = project.app.requirements;
  const image: ImagePlan = {
    base: base.name,
    family: base.family,
    packageManager: base.packageManager,
    archive: base.archive,
    python: python.command,
    installers: python.installers,
    buildPackages: [...python.build, ...clients(requirements.specs), ...project.image.build_packages],
    runPackages: [...python.run, ...project.image.packages],
    uwsgiVersion: UWSGI_VERSION,
    caFile: caFileInContext,
    requirementFiles: requirements.kind === 'requirements' ? requirements.files : [],
    needsSource: needsSource(requirements.specs),
    uid: UID,
    gid: GID,
  };
  return {
    image,
    decisions: [
      {
        what: 'base image',
        value: base.name,
        why: `${base.family === 'el' ? 'EL' : 'Debian'} family, packages by ${base.packageManager}`,
      },
      { what: 'python', value: python.command, why: python.why },
      { what: 'requirements', value: requirements.file ?? 'none', why: requirementsWhy(project) },
    ],
    warnings: warningsOf(base, python.installers),
  };
}

function warningsOf(base: BaseImage, installers: string[]): string[] {
  const warnings: string[] = [];
  if (base.ended) {
    warnings.push(
      `${base.name} is at its end of life: no security update since ${base.ended}. Use it to move away from it.`,
    );
  }
  if (installers.length > 0) {
    warnings.push(
      'Python 3.6 is at its end of life since 2021-12-23: pip takes the last releases that ran on it, e.g. Flask 2.0.3.',
    );
  }
  return warnings;
}

function requirementsWhy(project: Project): string {
  const { kind, specs, lock } = project.app.requirements;
  const own = hasGevent(project) ? '' : ', and gevent, which every topology can then use';
  if (kind === 'lock')
    return `${lock?.packages.length ?? 0} packages with the versions and hashes of the lock${own}`;
  return `${specs.length} ${specs.length === 1 ? 'requirement' : 'requirements'}${own}`;
}

// pip calls the version control system's own program.
function clients(specs: string[]): string[] {
  const needs = (scheme: string): boolean => specs.some((spec) => spec.includes(`${scheme}+`));
  return [
    ...(needs('git') ? ['git'] : []),
    ...(needs('hg') ? ['mercurial'] : []),
    ...(needs('svn') ? ['subversion'] : []),
  ];
}

/** Whether a requirement is a path, so that installing needs the source. */
export function needsSource(specs: string[]): boolean {
  return specs.some((spec) => /^(\.|-e\b|file:)/.test(spec.trim()));
}
