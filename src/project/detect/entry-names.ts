/**
 * Names of files that exist to be started, best first. wsgi before app is Flask's own order (flask.cli, locate_app);
 * the deployment's name comes last.
 */
export const ENTRY_NAMES = ['wsgi', 'app', 'main', 'application'];

/** Names of factories that Flask's command line calls by itself (flask.cli, find_best_app). */
export const FACTORY_NAMES = ['create_app', 'make_app'];

// Programs that use the application, and are not where it is served from.
const PROGRAMS =
  /^(manage|celery\w*|\w*worker|tasks|cli|shell|\w+_db|seed\w*|profiler?|debug|dev|development|local|lambda\w*)$/;

/** Whether a module is by its name a program beside the application. */
export function isProgram(module: string): boolean {
  return PROGRAMS.test(lastPart(module));
}

/** Whether a name is the one that servers look for by themselves. */
export function isConventional(name: string): boolean {
  return name === 'app' || name === 'application';
}

/** The last part of a dotted module name. */
export function lastPart(module: string): string {
  return module.slice(module.lastIndexOf('.') + 1);
}
