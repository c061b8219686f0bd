import { DeploykitError } from '../errors.js';
import { shellWord } from '../shell-word.js';

// One function a format. Each refuses what its format cannot hold rather than guess.

/** A shell word in a file whose lines are commands: a line break would end the command. */
export function commandWord(value: string): string {
  refuse('a command line', value, /[\r\n]/);
  return shellWord(value);
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

/**
 * The rest of the line of WORKDIR: Docker reads it as a shell reads a word, and trims it. A backslash at the end, escaped
 * or not, joins the next line in older builders.
 */
export function dockerText(value: string): string {
  refuse('a Dockerfile', value, /[\0\r\n]|^\s|\s$|\\$/);
  return value.replace(/["'\\$]/g, (char) => `\\${char}`);
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

/** One word of a command line in a unit file, quoted, with `$` doubled too (systemd.service(5)). */
export function unitExecWord(value: string): string {
  return unitWord(value).replaceAll('$', '$$$$');
}

/**
 * The words of ExecStart=: words with other characters quoted, `$` doubled (systemd.service(5)). Of the specifiers `%i`
 * is kept, the instance; any other percent sign is doubled.
 */
export function unitExec(argv: readonly string[]): string {
  return argv
    .map((word) => {
      if (/^[A-Za-z0-9_./:=@+,-]*(%i[A-Za-z0-9_./:=@+,-]*)?$/.test(word)) return word;
      return unitExecWord(word);
    })
    .join(' ');
}

/**
 * A parameter of an nginx directive that is taken as it is. Backslash and quote are the only escapes of a quoted one;
 * a parameter has to fit into nginx's reading buffer of 4096 bytes (ngx_conf_file.c).
 */
export function nginxWord(value: string): string {
  refuse('an nginx configuration', value, /[\0-\x1f\x7f]/);
  if (Buffer.byteLength(value) > 4000) refuse('an nginx configuration', value, /^/);
  return `"${value.replace(/["\\]/g, (char) => `\\${char}`)}"`;
}

/** A parameter in which nginx expands variables: it has no way to write a dollar sign. */
export function nginxText(value: string): string {
  refuse('an nginx configuration', value, /\$/);
  return nginxWord(value);
}

/**
 * One line of a requirements file. There is no quoting in that format: what would begin another option, a comment or a
 * variable (`${NAME}`) is refused, and whatever ends a line for pip: all that str.splitlines() of Python splits at.
 */
export function requirementLine(value: string): string {
  refuse('a requirements file', value, /[\0\r\n\v\f\x1c-\x1e\x85\u2028\u2029\\]|\$\{|(^|\s)#|(^|\s)-/);
  return value;
}

function refuse(format: string, value: string, pattern: RegExp): void {
  if (!pattern.test(value)) return;
  throw new DeploykitError('DK_RENDER_VALUE', `${format} cannot hold ${JSON.stringify(value)}`, {
    hint: 'Remove line breaks and blanks at the ends, or choose another name.',
  });
}
