import type { ConfigFile } from './config-file.js';
import { environmentLeaves } from './environment.js';
import { flagLeaves } from './flags.js';
import { formatKeyPath, type KeyPath } from './key-path.js';
import { type Leaves, leavesOf, tableOf } from './leaves.js';
import { validate } from './problems.js';
import { fileError, settingsError } from './report.js';
import type { ProjectFile } from './schema.js';
import type { Origin, Overrides } from './types.js';

/** What was written, in any layer, validated; and where each value came from. */
export interface Settings {
  value: ProjectFile;
  /** Only what was written: defaults and detection have no leaf. */
  written: Leaves;
}

/**
 * Merges file, environment and flags value by value; the later of these wins.
 * @throws DeploykitError DK_CONFIG_UNKNOWN_KEY, DK_CONFIG_INVALID: everything wrong with the file, or else everything
 * wrong with variables and flags.
 */
export function mergeSettings(
  config: ConfigFile | null,
  env: NodeJS.ProcessEnv,
  overrides: Overrides,
): Settings {
  const written = config === null ? new Map() : fileLeaves(config);
  for (const layer of [environmentLeaves(env), flagLeaves(overrides)]) {
    for (const [key, leaf] of layer) written.set(key, leaf);
  }
  const { value, problems } = validate(tableOf(written), (path) => subject(path, written));
  if (value === null) throw settingsError(problems);
  return { value, written };
}

function fileLeaves(config: ConfigFile): Leaves {
  const table = config.table ?? {};
  const { problems } = validate(table);
  if (problems.length > 0) throw fileError(problems, config);
  return leavesOf(table, (path): Origin => {
    return { kind: 'file', detail: `${config.label}:${config.lineOf(path) ?? 1}` };
  });
}

function subject(path: KeyPath, written: Leaves): string {
  const key = formatKeyPath(path);
  const origin = written.get(key)?.origin;
  return origin && origin.kind !== 'file' ? `${origin.detail} (${key})` : key;
}
