/**
 * Breaks plain text at blanks into lines of at most `width` characters; a longer word stands alone.
 * A number is not parted from its unit, nor what a no-break space holds together (printed as a blank).
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/ +(?!ms\b|%)/)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length > width && line !== '') {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return (line === '' ? lines : [...lines, line]).map((whole) => whole.replaceAll('\u00a0', ' '));
}
