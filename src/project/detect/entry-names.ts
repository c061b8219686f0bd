/**
 * Names of files that exist to be started, best first. wsgi before app is Flask's own order (flask.cli, locate_app);
 * the deployment's name comes last.
 */
export const ENTRY_NAMES = ['wsgi', 'app', 'main', 'application'];

/** Names of factories that Flask's command line calls by itself (flask.cli, find_best_app). */
export const FACTORY_NAMES = ['create_app', 'make_app'];

/** The last part of a dotted module name. */
export function lastPart(module: string): string {
  return module.slice(module.lastIndexOf('.') + 1);
}
