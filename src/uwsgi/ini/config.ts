import { optionAt } from '../option-table/table.js';
import type { Version } from '../option-table/versions.js';
import { expand } from './expand.js';
import { type IniFile, readIni } from './lines.js';
import type { Setting } from './setting.js';

/** Everything one file brings, its includes followed. */
export interface Config {
  sources: IniFile[];
  settings: Setting[];
  /** Includes that were not followed: not there, or not an ini. What is absent from the settings may be in them. */
  unread: Setting[];
  version: Version;
}

/** Reads a file that another one includes, or says that it is not there. */
export type Include = (path: string) => { file: string; text: string } | null;

interface Reading {
  version: Version;
  include: Include;
  config: Config;
  /** Files and sections that are being read: an include of one of them would not end. */
  stack: string[];
}

/** The settings of a section of a file, with those of the files it includes in their place. */
export function readConfig(
  input: { file: string | null; text: string; version: Version; section?: string },
  include: Include,
): Config {
  const { version, file, text } = input;
  const config: Config = { sources: [], settings: [], unread: [], version };
  const reading: Reading = { version, include, config, stack: [] };
  readSection(readIni(text, file, version), input.section ?? 'uwsgi', reading);
  expand(config.settings, version);
  return config;
}

// A chain of files that include each other twice would double with every file.
const MOST_SETTINGS = 20_000;
const LOADS = new Set(['ini', 'include', 'inherit', 'config']);
const ENDS = new Set(['end', 'endfor', 'end-for', 'endif', 'end-if']);
const VARIABLES = new Set(['set', 'set-placeholder', 'set-ph']);

function readSection(source: IniFile, section: string, reading: Reading): void {
  const { config, stack } = reading;
  if (!config.sources.includes(source)) config.sources.push(source);
  let block: Setting | null = null;
  for (const line of source.lines) {
    if (line.kind !== 'option' || line.section !== section) continue;
    const { key, value: raw } = line;
    const setting: Setting = {
      key,
      raw,
      value: raw.text,
      open: false,
      endless: false,
      source,
      block,
      variable: false,
    };
    config.settings.push(setting);
    if (ENDS.has(key.text)) block = null;
    else if (block === null && optionAt(key.text, reading.version)?.handler === 'logic') block = setting;
    else if (VARIABLES.has(key.text)) addVariable(setting, config);
    else if (LOADS.has(key.text)) {
      stack.push(`${source.file}:${section}`);
      follow(setting, reading);
      stack.pop();
    }
  }
}

function addVariable(setting: Setting, config: Config): void {
  const equals = setting.raw.text.indexOf('=');
  if (equals < 0) return;
  const { offset } = setting.raw;
  const [name, text] = [setting.raw.text.slice(0, equals), setting.raw.text.slice(equals + 1)];
  const key = { text: name, offset, end: offset + name.length };
  const raw = { text, offset: offset + equals + 1, end: setting.raw.end };
  // `set` sets an option where there is one of that name.
  const variable = setting.key.text !== 'set' || optionAt(name, config.version) === undefined;
  config.settings.push({ ...setting, key, raw, value: text, variable });
}

function follow(setting: Setting, reading: Reading): void {
  const { config, stack, include, version } = reading;
  const [, path = '', section = ''] = /^(.*?)(?::([^/]*))?$/.exec(setting.raw.text) ?? [];
  const wanted = section || 'uwsgi';
  if (path === '') {
    if (!stack.includes(`${setting.source.file}:${wanted}`)) readSection(setting.source, wanted, reading);
    return;
  }
  const readable =
    (setting.key.text === 'ini' || path.endsWith('.ini')) && config.settings.length < MOST_SETTINGS;
  const found = readable && stack.length < 16 ? include(path) : null;
  if (!found) {
    config.unread.push(setting);
    return;
  }
  if (stack.includes(`${found.file}:${wanted}`)) return;
  const known = config.sources.find((source) => source.file === found.file);
  readSection(known ?? readIni(found.text, found.file, version), wanted, reading);
}
