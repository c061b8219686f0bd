import { closest } from '../closest.js';
import { DeploykitError } from '../errors.js';
import { optionsOf, pipBuild } from './option-table/build.js';

/** The uWSGI that deploykit installs. */
export const UWSGI_VERSION = '2.0.31';

/** Every long option of the uWSGI that deploykit installs. */
export const OPTION_NAMES: ReadonlySet<string> = new Set(
  optionsOf(pipBuild(UWSGI_VERSION)).map((option) => option.name),
);

/**
 * Checks that uWSGI knows a long option: with `strict` an unknown one ends the server with 1.
 * @throws DeploykitError DK_UWSGI_OPTION with the nearest known name.
 */
export function checkOption(name: string): void {
  if (OPTION_NAMES.has(name)) return;
  const near = closest(name, [...OPTION_NAMES]);
  throw new DeploykitError('DK_UWSGI_OPTION', `uWSGI ${UWSGI_VERSION} has no option "${name}"`, {
    hint: near ? `Did you mean "${near}"?` : 'Option names are those of `uwsgi --help`, without the dashes.',
  });
}
