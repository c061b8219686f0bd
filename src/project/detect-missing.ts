import path from 'node:path';
import { detect } from './detect/detect.js';
import type { Settings } from './settings.js';
import type { Detection } from './types.js';

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
