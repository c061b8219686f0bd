import { readConfig } from '../../uwsgi/ini/config.js';
import type { Setting } from '../../uwsgi/ini/setting.js';
import { UWSGI_VERSION } from '../../uwsgi/options.js';

const FOREIGN = /\$\([^)]*\)|@\(|%[a-zA-Z(]/;

/** An option of an existing ini, with what uWSGI would read for its value. */
export interface Expanded {
  option: string;
  value: string;
  /** 1-based. */
  line: number;
  /** True when a part is left that only the old machine could fill in: environment, included files, `%` magic. */
  foreign: boolean;
  /** True when another value of the file uses this one: a name of the user's own. */
  placeholder: boolean;
}

/** The options of a text's [uwsgi] section. `%d` is kept: it stands for the ini's own folder. */
export function expandIni(text: string): Expanded[] {
  // Another file is not followed: what it has is the old machine's.
  const { settings } = readConfig({ file: null, text, version: UWSGI_VERSION }, () => null);
  const used = new Set(settings.flatMap(({ raw }) => namesIn(raw.text)));
  return settings
    .filter(({ variable }) => !variable)
    .map((setting) => ({
      option: setting.key.text,
      value: setting.value,
      line: lineOf(text, setting),
      foreign: FOREIGN.test(setting.value.replace(/^%d/, '')),
      placeholder: used.has(setting.key.text),
    }));
}

// A placeholder may be a sum of several names.
function namesIn(value: string): string[] {
  return [...value.matchAll(/%\(([^)]*)\)/g)].flatMap(([, names = '']) => names.split(' ')).filter(Boolean);
}

function lineOf(text: string, { key }: Setting): number {
  return text.slice(0, key.offset).split('\n').length;
}
