import { readIni } from '../../src/uwsgi/ini/lines.js';
import { UWSGI_VERSION } from '../../src/uwsgi/options.js';

/** One option as uWSGI's own reader sees it (core/ini.c), before any expansion but the doubled `%`. */
interface IniOption {
  option: string;
  value: string;
  /** 1-based. */
  line: number;
}

/** The options of a section, repeated ones kept, repeated sections merged. Magic variables stay as they are. */
export function parseIni(text: string, section = 'uwsgi'): IniOption[] {
  let [line, at] = [1, 0];
  return readIni(text, null, UWSGI_VERSION)
    .lines.filter(({ kind, section: own }) => kind === 'option' && own === section)
    .map(({ key, value }) => {
      for (; at < key.offset; at++) if (text[at] === '\n') line++;
      return { option: key.text, value: value.text, line };
    });
}
