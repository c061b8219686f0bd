import { formatKeyPath, parseKeyPath } from './key-path.js';

/**
 * The 1-based line of every key and table header of a valid TOML document, by formatted key path. smol-toml tells
 * positions only for syntax errors, and an error about a value should name its line.
 */
export function tomlLines(text: string): Map<string, number> {
  const lines = new Map<string, number>();
  const cursor = { text, at: 0 };
  let table: string[] = [];
  for (;;) {
    skipBlank(cursor);
    if (cursor.at >= text.length) return lines;
    if (text[cursor.at] === '[') {
      const line = lineAt(cursor);
      const brackets = take(cursor, /\[{1,2}/y);
      table = readKey(cursor, ']');
      cursor.at += brackets;
      note(lines, table, line);
    } else {
      readPair(cursor, table, lines);
    }
  }
}

interface Cursor {
  readonly text: string;
  at: number;
}

function readPair(cursor: Cursor, table: readonly string[], lines: Map<string, number>): void {
  const line = lineAt(cursor);
  const path = [...table, ...readKey(cursor, '=')];
  note(lines, path, line);
  cursor.at += 1;
  readValue(cursor, path, lines);
}

function readValue(cursor: Cursor, path: readonly string[], lines: Map<string, number>): void {
  skipBlank(cursor);
  const first = cursor.text[cursor.at];
  if (first === '"' || first === "'") skipString(cursor);
  else if (first === '[' || first === '{') readMany(cursor, first === '{', path, lines);
  else take(cursor, /[^,\]}\n#]+/y);
}

// A list, or an inline table. Keys inside the tables of a list are noted under the list's own path.
function readMany(
  cursor: Cursor,
  isTable: boolean,
  path: readonly string[],
  lines: Map<string, number>,
): void {
  const close = isTable ? '}' : ']';
  cursor.at += 1;
  for (;;) {
    skipBlank(cursor);
    const next = cursor.text[cursor.at];
    if (next === undefined) return;
    if (next === close || next === ',') cursor.at += 1;
    if (next === close) return;
    if (next === ',') continue;
    if (isTable) readPair(cursor, path, lines);
    else readValue(cursor, path, lines);
  }
}

function readKey(cursor: Cursor, end: ']' | '='): string[] {
  const start = cursor.at;
  while (cursor.at < cursor.text.length && cursor.text[cursor.at] !== end) {
    if (/["']/.test(cursor.text[cursor.at] ?? '')) skipString(cursor);
    else cursor.at += 1;
  }
  return parseKeyPath(cursor.text.slice(start, cursor.at).trim());
}

const STRINGS = [/"""(?:\\.|[^\\])*?"{3,5}/sy, /'''.*?'{3,5}/sy, /"(?:\\.|[^"\\])*"/y, /'[^']*'/y];

function skipString(cursor: Cursor): void {
  if (!STRINGS.some((string) => take(cursor, string) > 0)) cursor.at += 1;
}

function skipBlank(cursor: Cursor): void {
  take(cursor, /(?:\s|#[^\n]*)+/y);
}

// Moves past what a sticky pattern matches here; returns its length.
function take(cursor: Cursor, pattern: RegExp): number {
  pattern.lastIndex = cursor.at;
  const length = pattern.exec(cursor.text)?.[0].length ?? 0;
  cursor.at += length;
  return length;
}

function note(lines: Map<string, number>, path: readonly string[], line: number): void {
  for (let length = 1; length <= path.length; length++) {
    const key = formatKeyPath(path.slice(0, length));
    if (!lines.has(key)) lines.set(key, line);
  }
}

function lineAt(cursor: Cursor): number {
  return cursor.text.slice(0, cursor.at).split('\n').length;
}
