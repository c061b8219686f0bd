import type { Framework } from '../types.js';
import { FACTORY_NAMES } from './entry-names.js';
import type { FrameworkDetector } from './framework-detector.js';
import { factoriesOf, madeBy } from './made-by.js';

/** `config.make_wsgi_app()`, and what Paste builds from an ini file. */
export const pyramid = detector(
  'pyramid',
  [
    'pyramid.config.Configurator.make_wsgi_app',
    'pyramid.paster.get_app',
    'paste.deploy.loadapp',
    'pyramid.router.Router',
  ],
  [...FACTORY_NAMES, 'main'],
);

/** `Bottle()`, and the application that routes of the module itself belong to. */
export const bottle = detector('bottle', ['bottle.Bottle', 'bottle.default_app', 'bottle.app']);

/** `falcon.App()`; before its version 3 `falcon.API()`. */
export const falcon = detector('falcon', ['falcon.App', 'falcon.API', 'falcon.app.App', 'falcon.api.API']);

/** `cherrypy.Application(…)`, what `tree.mount` returns, and the tree itself. */
export const cherrypy = detector('cherrypy', [
  'cherrypy.Application',
  'cherrypy.tree.mount',
  'cherrypy._cptree.Application',
  '&cherrypy.tree',
]);

function detector(
  framework: Framework,
  constructors: readonly string[],
  factories: readonly string[] = FACTORY_NAMES,
): FrameworkDetector {
  const makers = new Set(constructors);
  return {
    framework,
    find: (module, code) => [
      ...madeBy(module, code, makers),
      ...factoriesOf(module, code, makers, `a ${framework} application`, factories),
    ],
  };
}
