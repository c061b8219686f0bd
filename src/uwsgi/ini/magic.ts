/** A text after uWSGI's magic variables, with the place in the file each of its characters came from. */
export interface Mapped {
  text: string;
  /** Offset in the file of each character; undefined when nothing was replaced. */
  offsets?: number[];
  /** Offsets in the file of pairs whose value is only known where uWSGI runs: `%h`, `%k`, … They stay as they are. */
  open: number[];
  /** Offsets in the file of `%2` and alike before a letter of a hexadecimal number: more likely meant for a URL. */
  digits: number[];
  /** Offsets in the file of pairs that stand for nothing and vanish, the second character with them. */
  vanished: number[];
}

// Of the host, the user and the moment (core/uwsgi.c, uwsgi_setup); upper case: of the first file.
const OPEN = 'vhtTkuUgGobijxOBIJX';
const OF_FILE = 'pdsencPDSENC0123456789';

/** Values of the variables that follow from the file's own path. */
function fileVariables(file: string): Record<string, string> {
  const slash = file.lastIndexOf('/');
  const [folder, name] = [file.slice(0, slash + 1), file.slice(slash + 1)];
  const dot = name.lastIndexOf('.');
  const parts = folder.split('/').filter((part) => part !== '');
  const variables: Record<string, string> = {
    p: file,
    d: folder,
    s: name,
    e: dot < 0 ? '' : name.slice(dot + 1),
    n: dot < 0 ? name : name.slice(0, dot),
    c: parts.at(-1) ?? '',
  };
  for (let i = 0; i <= 9; i++) variables[i] = parts[i] ?? '';
  for (const key of 'pdsenc') variables[key.toUpperCase()] = variables[key] ?? '';
  return variables;
}

/**
 * What uWSGI does to the whole file before it reads a line (core/utils.c, magic_sub): `%%` is a percent sign, `%(` stays
 * for the placeholders, a known letter is replaced, and any other pair is deleted, comments and line ends included.
 * @param file absolute path, or null to leave the variables that follow from it as they are.
 */
export function magic(text: string, file: string | null, version: string): Mapped {
  const mapped: Mapped = { text, open: [], digits: [], vanished: [] };
  if (!text.includes('%')) return mapped;
  const variables = { ...(file ? fileVariables(file) : {}), V: version, '%': '%', '(': '%(', '[': '\u001b' };
  const open = file ? OPEN : OPEN + OF_FILE;
  const pieces: string[] = [];
  const offsets: number[] = [];
  const push = (piece: string, offset: number): void => {
    pieces.push(piece);
    for (let i = 0; i < piece.length; i++) offsets.push(offset);
  };
  for (let i = 0; i < text.length; i++) {
    const [char = '', next = ''] = [text[i], text[i + 1]];
    if (char !== '%' || next === '') push(char, i);
    else {
      const value = (variables as Record<string, string>)[next];
      if (/[0-9]/.test(next) && /[0-9A-Fa-f]/.test(text[i + 2] ?? '')) mapped.digits.push(i);
      if (value !== undefined) push(value, i);
      else if (open.includes(next)) {
        mapped.open.push(i);
        push(`%${next}`, i);
      } else mapped.vanished.push(i);
      i++;
    }
  }
  return { ...mapped, text: pieces.join(''), offsets };
}
