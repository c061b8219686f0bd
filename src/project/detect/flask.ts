import type { FrameworkDetector } from './framework-detector.js';
import { factoriesOf, madeBy } from './made-by.js';

// Flask, the published subclasses of it that are applications themselves, and those inside a Dash or Connexion application.
const CONSTRUCTORS = new Set([
  'flask.Flask',
  'flask.app.Flask',
  'apiflask.APIFlask',
  'flask_openapi3.OpenAPI',
  '&dash.Dash.server',
  '&connexion.App.app',
  '&connexion.FlaskApp.app',
]);

/** Flask objects at module level, and factories that need no argument and return one. */
export const flask: FrameworkDetector = {
  framework: 'flask',
  find: (module, code) => [
    ...madeBy(module, code, CONSTRUCTORS),
    ...factoriesOf(module, code, CONSTRUCTORS, 'a Flask object'),
  ],
};
