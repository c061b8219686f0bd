import type { JudgedExpectation } from '../bench/threshold.js';
import { type Style, style } from './style.js';
import type { TextOptions } from './text.js';
import { wrap } from './wrap.js';

const MAX_WIDTH = 80;
const MIN_WIDTH = 48;
const WORD = 'not decided'.length;
const MAX_TEXT = 24;

/** The block of a terminal page that sets every expectation against what was measured; '' without any. No final newline. */
export function expectationsText(judged: readonly JudgedExpectation[], options: TextOptions): string {
  if (judged.length === 0) return '';
  const width = Math.max(MIN_WIDTH, Math.min(options.width, MAX_WIDTH));
  const paint = style(options.color);
  const longest = Math.min(MAX_TEXT, Math.max(...judged.map(({ text }) => text.length)));
  const lines = judged.flatMap(({ text, measured, ok }) => {
    const lead = WORD + 4;
    // An overlong expectation does not push away the values of the others.
    if (text.length > longest) {
      const below = wrap(`${text} ${measured}`, width - lead);
      return below.map((line, i) => (i === 0 ? `  ${word(ok, paint)}  ` : ' '.repeat(lead)) + line);
    }
    const values = wrap(measured, width - lead - longest - 2);
    const head = `  ${word(ok, paint)}  ${text.padEnd(longest)}  `;
    return values.map((line, i) => (i === 0 ? head : ' '.repeat(lead + longest + 2)) + line);
  });
  return [paint.bold('Expectations'), ...lines].join('\n');
}

function word(ok: boolean | null, paint: Style): string {
  if (ok === null) return paint.warn('not decided');
  return ok ? paint.good('kept'.padEnd(WORD)) : paint.bad('broken'.padEnd(WORD));
}
