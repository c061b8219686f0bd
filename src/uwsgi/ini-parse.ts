/** One option as uWSGI's own reader sees it (core/ini.c), before any expansion but the doubled `%`. */
export interface IniOption {
  option: string;
  value: string;
  /** 1-based. */
  line: number;
}

/**
 * Reads uWSGI's ini dialect: comments only at the start of a line, first `=` splits, blanks trimmed, repeated options
 * kept, repeated sections merged, a section's name runs to the last character but one of its line.
 */
export function parseIni(text: string, section = 'uwsgi'): IniOption[] {
  const options: IniOption[] = [];
  let current = '';
  text.split('\n').forEach((raw, index) => {
    const line = trim(raw);
    if (line === '' || line.startsWith(';') || line.startsWith('#')) return;
    if (line.startsWith('[')) {
      current = line.slice(1, -1);
      return;
    }
    if (current !== section) return;
    const equals = line.indexOf('=');
    const option = trim(equals < 0 ? line : line.slice(0, equals));
    const value = equals < 0 ? '' : trim(line.slice(equals + 1));
    options.push({ option, value: value.replaceAll('%%', '%'), line: index + 1 });
  });
  return options;
}

// uWSGI trims space, tab and carriage return, nothing else.
function trim(text: string): string {
  return text.replace(/^[ \t\r]+|[ \t\r]+$/g, '');
}
