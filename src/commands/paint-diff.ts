import type { Paint } from '../ui/colour.js';

const COLOURS = { '+': 'green', '-': 'red', '@': 'cyan' } as const;

/** A unified diff with its lines coloured. */
export function paintDiff(diff: string, paint: Paint): string {
  const painted = (line: string): string => {
    const style = COLOURS[line[0] as keyof typeof COLOURS];
    return style ? paint(style, line) : line;
  };
  return diff.split('\n').map(painted).join('\n');
}
