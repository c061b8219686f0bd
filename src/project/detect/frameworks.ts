import { django } from './django.js';
import { flask } from './flask.js';
import type { FrameworkDetector } from './framework-detector.js';
import { plainWsgi } from './plain-wsgi.js';
import { bottle, cherrypy, falcon, pyramid } from './small-frameworks.js';

/** The detectors; of one callable that several find, the finding of the first counts. */
export const FRAMEWORKS: readonly FrameworkDetector[] = [
  django,
  flask,
  pyramid,
  bottle,
  falcon,
  cherrypy,
  plainWsgi,
];
