import { TO_WSGI } from './adapters.js';
import type { Binding } from './binding.js';
import { lastPart } from './entry-names.js';
import type { FoundCallable, FrameworkDetector } from './framework-detector.js';
import { factoriesOf, madeBy } from './made-by.js';
import type { ParsedModule } from './parsed-module.js';
import { isWsgi, WSGI_CALLABLE } from './project-code.js';

// Functions and objects of the project's own, and makers of applications that are no framework here.
const CONSTRUCTORS = new Set([
  WSGI_CALLABLE,
  ...TO_WSGI,
  'web.application.wsgifunc',
  'werkzeug.middleware.dispatcher.DispatcherMiddleware',
  'werkzeug.wsgi.DispatcherMiddleware',
  'socketio.WSGIApp',
  'engineio.WSGIApp',
  'cheroot.wsgi.PathInfoDispatcher',
  'webapp2.WSGIApplication',
  'morepath.App',
]);
const NAMES = ['app', 'application'];

/** A function `application(environ, start_response)` (PEP 3333), which is what uWSGI serves by default, or an object. */
export const plainWsgi: FrameworkDetector = {
  framework: null,
  find: (module, code) => [
    ...module.bindings.flatMap((binding) => functionOf(module, binding)),
    ...madeBy(module, code, CONSTRUCTORS).filter(({ callable }) => NAMES.includes(callable)),
    ...factoriesOf(module, code, CONSTRUCTORS, 'a WSGI application'),
  ],
};

function functionOf(module: ParsedModule, { kind, name, required, at }: Binding): FoundCallable[] {
  const isOne = required.length === 2 && (name === 'application' || (name === 'app' && isWsgi(required)));
  if (kind !== 'function' || !isOne) return [];
  const why = `${name} is a function of two arguments in ${lastPart(module.name)}.py, as WSGI applications are`;
  return [{ callable: name, at, why }];
}
