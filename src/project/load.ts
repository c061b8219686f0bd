import path from 'node:path';
import { assemble } from './assemble.js';
import { checkFolder } from './check-folder.js';
import { checkPaths } from './check-paths.js';
import { chooseCallable, findCallable } from './choose-callable.js';
import { readConfigFile } from './config-file.js';
import { detectMissing, detectServed } from './detect-missing.js';
import { mergeSettings } from './settings.js';
import type { CallableFinding, LoadedProject, Overrides } from './types.js';
import { settingsWarnings } from './warnings.js';

/** Where to load a project from, and what goes before its file. */
export interface LoadInput {
  /** The project folder. */
  dir: string;
  /** Project file to read instead of the one found; relative to `dir`. */
  configFile?: string | undefined;
  /** Values of flags by dotted key path; text is read as the schema wants it. */
  overrides?: Overrides | undefined;
  /** Default: the environment of this process. */
  env?: NodeJS.ProcessEnv | undefined;
  /**
   * For commands about what already runs: a source in which no callable is found, or several, is no obstacle to look at
   * it or to stop it. Module and callable may then be empty.
   */
  running?: boolean | undefined;
}

/**
 * Everything the user wrote and what the project itself tells, merged and validated, value by value:
 * flag > `DEPLOYKIT_*` variable > project file > detection > default.
 * @throws DeploykitError DK_CONFIG_MISSING, DK_CONFIG_SYNTAX, DK_CONFIG_UNKNOWN_KEY, DK_CONFIG_INVALID,
 * DK_DETECT_CALLABLE, DK_DETECT_REQUIREMENTS, DK_FILE_OUTSIDE.
 */
export async function loadProject(input: LoadInput): Promise<LoadedProject> {
  const dir = path.resolve(input.dir);
  await checkFolder(dir);
  const { config, warnings } = await readConfigFile(dir, input.configFile);
  const settings = mergeSettings(config, input.env ?? process.env, input.overrides ?? {});
  await checkPaths(dir, settings, config);
  const detection = await detectMissing(dir, settings);
  const callable = input.running ? (detection.callables[0] ?? null) : decideCallable();
  const served = await detectServed(dir, settings, detection, callable);
  const file = config?.file ?? null;
  const { project, origins } = assemble({ dir, file, settings, detection, callable, served });
  const more = await settingsWarnings(project, config !== null);
  return { project, origins, warnings: [...warnings, ...detection.warnings, ...served.warnings, ...more] };

  function decideCallable(): CallableFinding | null {
    const { module } = settings.value.app;
    if (module === undefined) return chooseCallable(dir, detection, config !== null);
    return findCallable(module, detection);
  }
}
