import path from 'node:path';
import { detect } from './detect/detect.js';
import { type DjangoFacts, readDjangoSettings } from './detect/django-settings.js';
import type { Settings } from './settings.js';
import type { CallableFinding, Detection } from './types.js';

/** Detection, steered by what the user wrote: app.dir, app.module, app.requirements, app.groups, name. */
export function detectMissing(dir: string, { value: { app, name }, written }: Settings): Promise<Detection> {
  return detect(dir, {
    appDir: written.has('app.dir') ? path.posix.normalize(app.dir) : undefined,
    module: app.module,
    requirements: app.requirements,
    groups: app.groups,
    name,
  });
}

/** What the framework's own settings say of how the application wants to be served, where the user does not. */
export async function detectServed(
  dir: string,
  { value: { app, server }, written }: Settings,
  detection: Detection,
  callable: CallableFinding | null,
): Promise<DjangoFacts> {
  const framework = callable?.framework ?? detection.framework?.value;
  const module = (app.module ?? callable?.value ?? '').split(':')[0] ?? '';
  if (framework !== 'django' || module === '') return { host: null, static: null, warnings: [] };
  const appDir = written.has('app.dir') ? path.posix.normalize(app.dir) : (callable?.dir ?? '.');
  const facts = await readDjangoSettings(dir, appDir, module, app.env['DJANGO_SETTINGS_MODULE']);
  const hasOwn = Object.keys(server.static).length > 0;
  const whitenoise = detection.requirements.value.specs.some((spec) => /^whitenoise\b/i.test(spec));
  return {
    host: written.has('app.host') ? null : facts.host,
    static: hasOwn || whitenoise ? null : facts.static,
    warnings: facts.warnings,
  };
}
