import { styleText } from 'node:util';

export type Paint = (style: 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan', text: string) => string;

export type ColourMode = 'auto' | 'always' | 'never';

/** Whether a stream gets colour: the flag, then NO_COLOR (no-color.org), then whether it is a terminal. */
export function wantsColour(
  mode: ColourMode,
  stream: { isTTY?: boolean },
  env: NodeJS.ProcessEnv = process.env,
): boolean {
  if (mode !== 'auto') return mode === 'always';
  return !env['NO_COLOR'] && env['TERM'] !== 'dumb' && Boolean(stream.isTTY);
}

/** A painter that colours, or leaves the text as it is. */
export function painter(colour: boolean): Paint {
  return (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
}
