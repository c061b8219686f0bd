import { lastPart } from './entry-names.js';
import type { FrameworkDetector } from './frameworks.js';

/** A function `application(environ, start_response)` (PEP 3333), which is what uWSGI serves by default. */
export const plainWsgi: FrameworkDetector = {
  framework: null,
  find: (module) =>
    module.bindings
      .filter(({ kind, name, required }) => kind === 'function' && isWsgi(name, required))
      .map(({ name, at }) => ({
        callable: name,
        at,
        why: `${name} is a function of two arguments in ${lastPart(module.name)}.py, as WSGI applications are`,
      })),
};

function isWsgi(name: string, [environ, start, ...rest]: string[]): boolean {
  if (environ === undefined || start === undefined || rest.length > 0) return false;
  return name === 'application' || (name === 'app' && /env/.test(environ) && /start/.test(start));
}
