import { type Mapped, magic } from './magic.js';

/** A piece of a line: its text as uWSGI sees it, and where it stands in the file. */
export interface Token {
  text: string;
  /** Offset of its first character in the file. */
  offset: number;
  /** Offset after its last character. */
  end: number;
}

/** One line that is not blank. */
export interface IniLine {
  kind: 'section' | 'comment' | 'option';
  /** The whole line without the blanks around it. */
  whole: Token;
  /** The section it stands in; of a section line, the one it begins. */
  section: string;
  /** Of an option. */
  key: Token;
  /** Of an option; empty where the line has no `=`. */
  value: Token;
}

export interface IniFile {
  file: string;
  text: string;
  mapped: Mapped;
  lines: IniLine[];
}

/**
 * Reads a file as uWSGI does (core/ini.c): comments only at the start of a line, the first `=` splits, blanks (space, tab,
 * carriage return) are trimmed, there are no quotes, escapes or continued lines, a section's name runs to the last
 * character but one of its line, and a NUL ends a line.
 * @param file absolute path: it decides the magic variables; null leaves those as they are.
 */
export function readIni(text: string, file: string | null, version: string): IniFile {
  const mapped = magic(text, file, version);
  const lines: IniLine[] = [];
  let section = '';
  let start = 0;
  while (start < mapped.text.length) {
    const newline = mapped.text.indexOf('\n', start);
    const next = newline < 0 ? mapped.text.length : newline;
    const whole = trimmed(mapped, start, endOfString(mapped.text, start, next));
    start = next + 1;
    if (whole.from === whole.to) continue;
    const line = lineOf(mapped, whole, section);
    section = line.section;
    lines.push(line);
  }
  return { file: file ?? '', text, mapped, lines };
}

interface Range {
  from: number;
  to: number;
}

function lineOf(mapped: Mapped, range: Range, section: string): IniLine {
  const whole = token(mapped, range);
  const none = { text: '', offset: whole.end, end: whole.end };
  const first = whole.text[0];
  if (first === '[') {
    return { kind: 'section', whole, section: whole.text.slice(1, -1), key: none, value: none };
  }
  if (first === ';' || first === '#') return { kind: 'comment', whole, section, key: none, value: none };
  const equals = mapped.text.indexOf('=', range.from);
  if (equals < 0 || equals >= range.to) return { kind: 'option', whole, section, key: whole, value: none };
  const key = token(mapped, trimmed(mapped, range.from, equals));
  const value = token(mapped, trimmed(mapped, equals + 1, range.to));
  return { kind: 'option', whole, section, key, value };
}

function endOfString(text: string, from: number, to: number): number {
  const nul = text.indexOf('\0', from);
  return nul < 0 || nul > to ? to : nul;
}

function trimmed({ text }: Mapped, from: number, to: number): Range {
  const blank = (char: string | undefined): boolean => char === ' ' || char === '\t' || char === '\r';
  let [start, end] = [from, to];
  while (start < end && blank(text[start])) start++;
  while (end > start && blank(text[end - 1])) end--;
  return { from: start, to: end };
}

function token({ text, offsets }: Mapped, { from, to }: Range): Token {
  const at = (index: number): number => (offsets ? (offsets[index] ?? (offsets.at(-1) ?? -1) + 1) : index);
  // The end is after the last character's own place: what follows it may have vanished.
  const end = to > from ? at(to - 1) + 1 : at(from);
  return { text: text.slice(from, to), offset: at(from), end };
}
