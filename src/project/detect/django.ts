import path from 'node:path';
import type { FrameworkDetector } from './framework-detector.js';
import { madeBy } from './made-by.js';
import type { ParsedModule } from './parsed-module.js';
import type { ProjectCode } from './project-code.js';

const CONSTRUCTORS = new Set([
  'django.core.wsgi.get_wsgi_application',
  'django.core.handlers.wsgi.WSGIHandler',
  'configurations.wsgi.get_wsgi_application',
]);

/** `application = get_wsgi_application()`; preferred is the one the settings or manage.py point to. */
export const django: FrameworkDetector = {
  framework: 'django',
  find: (module, code) =>
    madeBy(module, code, CONSTRUCTORS).map((found) => {
      const evidence = pointsTo(module, found.callable, code);
      return evidence ? { ...found, named: evidence.named, why: `${found.why}; ${evidence.why}` } : found;
    }),
};

interface Evidence {
  named: 'callable' | 'package';
  why: string;
}

function pointsTo(module: ParsedModule, callable: string, code: ProjectCode): Evidence | null {
  for (const other of code.modules) {
    const setting = other.bindings.find(
      ({ name, text }) => name === 'WSGI_APPLICATION' && text !== null,
    )?.text;
    if (
      setting &&
      isAt(module, setting.slice(0, setting.lastIndexOf('.')), other) &&
      setting.endsWith(`.${callable}`)
    ) {
      return { named: 'callable', why: `WSGI_APPLICATION in ${other.file} names it` };
    }
  }
  const manage = code.modules.find(({ file, source }) => {
    if (path.posix.basename(file) !== 'manage.py' || path.posix.dirname(file) !== module.root) return false;
    const settings = /DJANGO_SETTINGS_MODULE['"]\s*,\s*['"]([\w.]+)['"]/.exec(source)?.[1];
    return settings?.split('.')[0] === module.name.split('.')[0];
  });
  return manage ? { named: 'package', why: `${manage.file} runs the settings beside it` } : null;
}

// The dotted name may begin at any folder above the settings.
function isAt(module: ParsedModule, dotted: string, settings: ParsedModule): boolean {
  const file = `${dotted.replaceAll('.', '/')}.py`;
  for (let folder = path.posix.dirname(settings.file); ; folder = path.posix.dirname(folder)) {
    if (path.posix.join(folder, file) === module.file) return true;
    if (folder === '.') return false;
  }
}
