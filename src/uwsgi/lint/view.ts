import type { Config } from '../ini/config.js';
import { number } from '../ini/expand.js';
import type { IniFile } from '../ini/lines.js';
import type { Setting } from '../ini/setting.js';
import { optionAt, type UwsgiOption } from '../option-table/table.js';
import { atLeast, type Version } from '../option-table/versions.js';

/** What the linter is told about the place the file will run in. */
export interface Setup {
  version: Version;
  /** `modular`: a distribution's, whose plugins are files; `pip`: they are embedded; null: decide by the file. */
  build: 'pip' | 'modular' | null;
  /** net.core.somaxconn there. */
  somaxconn: number;
  /** Whether a file that `@(…)` names is there; undefined where nobody can say. */
  exists: (path: string) => boolean | undefined;
}

/** Questions that rules ask of a configuration. */
export interface View extends Setup {
  config: Config;
  settings: readonly Setting[];
  /** The file that was named. */
  main: IniFile;
  modular: boolean;
  /** Nothing that is absent can stand in an include that was not read. */
  complete: boolean;
  /** Every setting of an option, its other names included. */
  all(name: string): Setting[];
  /** The one that counts: the last. */
  last(name: string): Setting | undefined;
  /** A boolean option that is set and not off. */
  on(name: string): boolean;
  /** An integer option as C's atoi reads it; undefined when absent or not known here. */
  count(name: string): number | undefined;
  option(setting: Setting): UwsgiOption | undefined;
  newer(than: Version): boolean;
  /** Cooperative tasks a worker: gevent, asyncio, async; 0 when absent. */
  greenlets: number;
  /** The setting that asks for gevent. */
  gevent: Setting | undefined;
}

const OFF = /^(false|off|no|0)$/i;

/** Whether a boolean option of this value is off (core/uwsgi.c, uwsgi_opt_true). */
const isOff = (value: string): boolean => OFF.test(value);

const PLUGINS = new Set(['plugins', 'plugin', 'need-plugins', 'need-plugin']);

/** Names on plugin lines, `0:python3` without its number. */
export function pluginNames(setting: Setting): string[] {
  if (!PLUGINS.has(setting.key.text) || setting.variable) return [];
  return setting.value.split(',').map((name) => name.trim().replace(/^\d+:/, ''));
}

export function makeView(config: Config, main: IniFile, setup: Setup): View {
  const byName = new Map<string, Setting[]>();
  const canonical = (name: string): string => optionAt(name, setup.version)?.canonical ?? name;
  for (const setting of config.settings) {
    if (setting.variable) continue;
    const name = canonical(setting.key.text);
    const list = byName.get(name);
    if (list) list.push(setting);
    else byName.set(name, [setting]);
  }
  const all = (name: string): Setting[] => byName.get(canonical(name)) ?? [];
  const last = (name: string): Setting | undefined => all(name).at(-1);
  const count = (name: string): number | undefined => {
    const setting = last(name);
    return setting === undefined || setting.open ? undefined : number(setting.value);
  };
  const loop = ['gevent', 'asyncio', 'tornado', 'async'].find((name) => last(name));
  return {
    ...setup,
    config,
    main,
    settings: config.settings,
    modular:
      setup.build === null
        ? config.settings.some((s) => pluginNames(s).length > 0)
        : setup.build === 'modular',
    complete: config.unread.length === 0,
    all,
    last,
    on: (name) => {
      const setting = last(name);
      return setting !== undefined && !isOff(setting.value);
    },
    count,
    option: (setting) => (setting.variable ? undefined : optionAt(setting.key.text, setup.version)),
    newer: (than) => atLeast(setup.version, than),
    greenlets: loop ? (count(loop) ?? 0) : 0,
    gevent: last('gevent'),
  };
}
