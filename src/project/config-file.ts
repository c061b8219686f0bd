import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { DeploykitError } from '../errors.js';
import { readText } from './detect/read-text.js';
import { formatKeyPath, isTable, type KeyPath } from './key-path.js';
import { parseToml } from './toml.js';
import { tomlLines } from './toml-lines.js';

/** The name `init` writes and `loadProject` looks for first. */
export const CONFIG_NAME = 'deploykit.toml';
const PYPROJECT = 'pyproject.toml';

/** A project file that was read; its values are not validated yet. */
export interface ConfigFile {
  /** Absolute. */
  file: string;
  /** How messages name it, e.g. `deploykit.toml`. */
  label: string;
  text: string;
  /** The settings; undefined when a pyproject.toml has no [tool.deploykit]. */
  table: unknown;
  /** The 1-based line of a key, or of the nearest table around it. */
  lineOf(path: KeyPath): number | undefined;
}

/**
 * The project file: the one named, else deploykit.toml, else [tool.deploykit] in pyproject.toml, else null.
 * @throws DeploykitError DK_CONFIG_MISSING (the one named is not there), DK_CONFIG_SYNTAX.
 */
export async function readConfigFile(
  dir: string,
  named?: string,
): Promise<{ config: ConfigFile | null; warnings: string[] }> {
  if (named !== undefined) return { config: await readNamed(dir, named), warnings: [] };
  const own = await readToml(path.join(dir, CONFIG_NAME));
  const pyproject = (await readText(path.join(dir, PYPROJECT))) ?? '';
  if (own !== null) {
    const both = `${PYPROJECT} has [tool.deploykit] too; it is not read, because ${CONFIG_NAME} goes first`;
    const warnings = /^\s*\[\s*tool\s*\.\s*"?deploykit\b/m.test(pyproject) ? [both] : [];
    return { config: parseConfig(dir, path.join(dir, CONFIG_NAME), own), warnings };
  }
  // Without a mention, a pyproject.toml that is broken is the matter of whoever needs its other tables.
  if (!/\bdeploykit\b/.test(pyproject)) return { config: null, warnings: [] };
  const config = parseConfig(dir, path.join(dir, PYPROJECT), pyproject);
  return { config: config.table === undefined ? null : config, warnings: [] };
}

async function readNamed(dir: string, named: string): Promise<ConfigFile> {
  const file = path.resolve(dir, named);
  const text = await readToml(file);
  if (text !== null) return parseConfig(dir, file, text);
  throw new DeploykitError('DK_CONFIG_MISSING', `there is no project file ${file}`, {
    hint: 'Name an existing file with --config, or leave --config out.',
    file,
  });
}

function parseConfig(dir: string, file: string, text: string): ConfigFile {
  const inside = path.relative(dir, file);
  const label = inside.startsWith('..') ? file : inside.split(path.sep).join('/');
  const document = parseToml(text, file, label, 'DK_CONFIG_SYNTAX');
  const prefix = path.basename(file) === PYPROJECT ? ['tool', 'deploykit'] : [];
  const table = prefix.reduce<unknown>((value, key) => (isTable(value) ? value[key] : undefined), document);
  let lines: Map<string, number> | undefined;
  const lineOf = (at: KeyPath): number | undefined => {
    lines ??= tomlLines(text);
    const full = [...prefix, ...at];
    for (let length = full.length; length > 0; length--) {
      const line = lines.get(formatKeyPath(full.slice(0, length)));
      if (line !== undefined) return line;
    }
    return undefined;
  };
  return { file, label, text, table, lineOf };
}

/**
 * The text of a TOML file, or null when there is none.
 * @throws DeploykitError DK_CONFIG_SYNTAX when it is not UTF-8 (TOML 1.0, "Spec") or cannot be read.
 */
async function readToml(file: string): Promise<string | null> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new DeploykitError('DK_CONFIG_SYNTAX', `${path.basename(file)} cannot be read: ${message}`, {
      file,
      cause: error,
    });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new DeploykitError('DK_CONFIG_SYNTAX', `${path.basename(file)} is not UTF-8 text`, {
      hint: 'Save it as UTF-8.',
      file,
      cause: error,
    });
  }
}
