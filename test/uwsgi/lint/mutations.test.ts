import { expect, it } from 'vitest';
import { corpus, findingsOf } from './corpus.js';

const FILES = 100_000;
const PIECES = [
  '\n',
  '\r\n',
  '=',
  ' ',
  '\t',
  '[',
  ']',
  ';',
  '#',
  '%',
  '%(',
  '$(',
  '@(',
  ')',
  '"',
  "'",
  '\0',
  '\uFEFF',
  ':',
  'é',
  '%d',
  '-',
  '0',
  'x',
  '[uwsgi]\n',
  'for = a b\n',
  'endif\n',
  'ini = :uwsgi\n',
  'set-placeholder = x=%(x)y\n',
];

// A generator of its own, so that a failure can be repeated: mulberry32.
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

it(`${FILES} mutated files: no crash, every place lies in the file`, () => {
  const next = random(7);
  const below = (limit: number): number => Math.floor(next() * limit);
  const seeds = corpus();
  for (let i = 0; i < FILES; i++) {
    const seed = seeds[i % seeds.length];
    if (!seed) continue;
    let { text } = seed;
    for (let changes = 1 + below(4); changes > 0; changes--) {
      const at = below(text.length + 1);
      const [cut, add] = [
        below(3) === 0 ? below(12) : 0,
        below(3) === 0 ? '' : (PIECES[below(PIECES.length)] ?? ''),
      ];
      text = text.slice(0, at) + add + text.slice(at + cut);
    }
    const lines = text.split('\n').length;
    for (const { line, column, endColumn, fix = [] } of findingsOf({ ...seed, text })) {
      const fits = line >= 1 && line <= lines && column >= 1 && endColumn > column;
      const inside = fix.every(({ offset, end }) => offset >= 0 && offset <= end && end <= text.length);
      if (!fits || !inside)
        expect.fail(`${JSON.stringify(text)}: ${line}:${column}-${endColumn} of ${lines}`);
    }
  }
}, 180_000);
