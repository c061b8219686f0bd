import { DeploykitError } from '../errors.js';

// One function a format. Each refuses what its format cannot hold rather than guess.

/** A word for a POSIX shell: as it is when harmless, else in single quotes. */
export function shellWord(value: string): string {
  refuse('a shell command', value, /[\0\r\n]/);
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}

/**
 * A path in the JSON form of COPY: JSON first, then Dockerfile variables (`$`), then Go's filepath.Match
 * (`*`, `?`, `[`, and the backslash that escapes them).
 */
export function dockerString(value: string): string {
  refuse('a Dockerfile', value, /[\0\r\n]/);
  const literal = value.replace(/[\\*?[]/g, (char) => `\\${char}`).replaceAll('$', '\\$');
  return JSON.stringify(literal);
}

/** The exec form of ENTRYPOINT and CMD: a JSON array, in which Docker expands nothing. */
export function execForm(argv: readonly string[]): string {
  for (const word of argv) refuse('a Dockerfile', word, /[\0\r\n]/);
  return JSON.stringify(argv);
}

/** A value outside any quoting in a unit file: `%` starts a specifier (systemd.unit(5)). */
export function unitText(value: string): string {
  refuse('a unit file', value, /[\0\r\n]/);
  if (value !== value.trim() || value.endsWith('\\')) refuse('a unit file', value, /^/);
  return value.replaceAll('%', '%%');
}

/** One word of Environment=: quoted, with `%` doubled (systemd.exec(5)); `$` is literal there. */
export function unitWord(value: string): string {
  refuse('a unit file', value, /[\0\r\n]/);
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%')}"`;
}

/** The words of ExecStart=: `%` and `$` doubled, words with other characters quoted (systemd.service(5)). */
export function unitCommand(argv: readonly string[]): string {
  return argv
    .map((word) => {
      const quoted = /^[A-Za-z0-9_./:=@+,-]+$/.test(word) ? word : unitWord(word);
      return quoted.replaceAll('$', '$$$$');
    })
    .join(' ');
}

function refuse(format: string, value: string, pattern: RegExp): void {
  if (!pattern.test(value)) return;
  throw new DeploykitError('DK_RENDER_VALUE', `${format} cannot hold ${JSON.stringify(value)}`, {
    hint: 'Remove line breaks and blanks at the ends, or choose another name.',
  });
}
