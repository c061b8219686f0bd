const CONTEXT_LINES = 2;
const MAX_WIDTH = 100;

/** The lines around a 1-based line, numbered, with `>` before that line and a caret under the 1-based column. */
export function excerpt(text: string, line: number, column?: number): string {
  const lines = text.split(/\r\n|\r|\n/);
  const first = Math.max(1, line - CONTEXT_LINES);
  const last = Math.min(lines.length, line + CONTEXT_LINES);
  const width = String(last).length;
  const shown: string[] = [];
  for (let number = first; number <= last; number++) {
    const source = lines[number - 1] ?? '';
    shown.push(
      `${number === line ? '>' : ' '} ${String(number).padStart(width)} | ${clip(source)}`.trimEnd(),
    );
    if (number !== line || column === undefined || column > MAX_WIDTH) continue;
    // Tabs are kept, so that the caret stands where the terminal puts the character.
    const indent = source.slice(0, column - 1).replace(/[^\t]/g, ' ');
    shown.push(`  ${' '.repeat(width)} | ${indent}^`);
  }
  return shown.join('\n');
}

function clip(source: string): string {
  return source.length > MAX_WIDTH ? `${source.slice(0, MAX_WIDTH - 1)}…` : source;
}
