import path from 'node:path';
import { CONFIG_NAME } from './config-file.js';
import { moduleFile } from './detect/module-file.js';
import { readText } from './detect/read-text.js';
import { looksSecret } from './looks-secret.js';
import type { Project } from './types.js';

/** Sentences about settings that are valid and probably not meant. */
export async function settingsWarnings(project: Project, hasFile: boolean): Promise<string[]> {
  const { app } = project;
  const warnings = Object.entries(app.env)
    .filter(([name, value]) => looksSecret(name, value))
    .map(([name]) => {
      return `app.env.${name} looks like a secret, and app.env is written to files; name it in [app] secrets instead`;
    });
  if ((await moduleFile(project.dir, app.dir, app.module)) === null) {
    const file = `${app.module.replaceAll('.', '/')}.py`;
    warnings.push(
      `app.module is "${app.module}:${app.callable}", and ${path.posix.join(app.dir, file)} does not exist`,
    );
  }
  const above = hasFile ? null : await configAbove(project.dir);
  if (above)
    warnings.push(
      `${above} is not read, because it is not in the project folder; use -C to choose its folder`,
    );
  return warnings;
}

// Someone who runs `up` in a sub-folder would otherwise deploy it as a project of its own, in silence.
async function configAbove(dir: string): Promise<string | null> {
  for (let folder = path.dirname(dir); folder !== path.dirname(folder); folder = path.dirname(folder)) {
    const file = path.join(folder, CONFIG_NAME);
    if ((await readText(file)) !== null) return file;
  }
  return null;
}
