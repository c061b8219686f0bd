import { FACTORY_NAMES } from './entry-names.js';
import type { FoundCallable, FrameworkDetector } from './frameworks.js';
import { madeBy } from './made-by.js';
import type { ParsedModule } from './parsed-module.js';
import type { ProjectCode } from './project-code.js';

// Flask, and the published subclasses of it that are applications themselves.
const CONSTRUCTORS = new Set([
  'flask.Flask',
  'flask.app.Flask',
  'apiflask.APIFlask',
  'flask_openapi3.OpenAPI',
]);

/** Flask objects at module level, and factories that need no argument and return one. */
export const flask: FrameworkDetector = {
  framework: 'flask',
  find: (module, code) => [...madeBy(module, code, CONSTRUCTORS), ...factories(module, code)],
};

function factories(module: ParsedModule, code: ProjectCode): FoundCallable[] {
  return module.bindings
    .filter(
      ({ kind, name, required }) =>
        kind === 'function' && FACTORY_NAMES.includes(name) && required.length === 0,
    )
    .filter(({ name }) =>
      [...code.makers(module, { name, call: true })].some((maker) => CONSTRUCTORS.has(maker)),
    )
    .map(({ name, at }) => ({ callable: `${name}()`, at, why: `${name}() returns a Flask object` }));
}
