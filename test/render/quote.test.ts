import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanRequirements } from '../../src/project/detect/requirement-lines.js';
import {
  dockerString,
  execForm,
  requirementLine,
  unitExec,
  unitText,
  unitWord,
} from '../../src/render/quote.js';
import { shellWord } from '../../src/shell-word.js';

const printable = fc.string({ unit: 'grapheme' }).filter((text) => !/[\0\r\n]/.test(text));
const withLines = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));

describe('quoting, a format at a time', () => {
  it('shell: a real shell reads back the same word', () => {
    fc.assert(
      fc.property(fc.array(withLines, { minLength: 1, maxLength: 8 }), (words) => {
        const script = `for w in ${words.map(shellWord).join(' ')}; do printf '%s\\0' "$w"; done`;
        const { stdout } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
        expect(stdout.split('\0').slice(0, -1)).toEqual(words);
      }),
      { numRuns: 40 },
    );
  });

  it('exec form: JSON, nothing else', () => {
    fc.assert(
      fc.property(fc.array(printable), (argv) => {
        expect(JSON.parse(execForm(argv))).toEqual(argv);
      }),
    );
  });

  it('a path in COPY: no variable, no pattern is left', () => {
    expect(dockerString('a b')).toBe('"a b"');
    expect(dockerString('$HOME/*.txt')).toBe(String.raw`"\\$HOME/\\*.txt"`);
  });

  it('units: percent and dollar are literal', () => {
    expect(unitWord('A=50% "x" $y \\')).toBe(String.raw`"A=50%% \"x\" $y \\"`);
    expect(unitText('100% sure')).toBe('100%% sure');
    expect(unitExec(['/bin/uwsgi', '--ini', '/a b/$x/50%'])).toBe('/bin/uwsgi --ini "/a b/$$x/50%%"');
  });

  it.each([dockerString, unitText, unitWord])('a line break is refused by %o', (quote) => {
    for (const text of ['a\nb', 'a\rb', 'a\0b']) {
      expect(() => quote(text)).toThrow(expect.objectContaining({ code: 'DK_RENDER_VALUE' }));
    }
  });
});

describe('a line of a requirements file', () => {
  it('holds one requirement, or is refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (tail) => {
        const line = `flask==1 ; ${tail}`;
        try {
          requirementLine(line);
        } catch (error) {
          expect(error).toMatchObject({ code: 'DK_RENDER_VALUE' });
          return;
        }
        const [entry, more] = scanRequirements(`${line} --hash=sha256:aa`);
        expect(more).toBeUndefined();
        expect(entry).toMatchObject({ hashed: true });
      }),
    );
  });

  it.each([
    'flask\nsix',
    'flask\u2028six',
    'flask\x85six',
    'flask\fsix',
    'x --index-url=http://h',
    '-r other',
    'x # y',
    'x @ http://${TOKEN}@h',
    'x\\',
  ])('%j is refused', (value) => {
    expect(() => requirementLine(value)).toThrow(expect.objectContaining({ code: 'DK_RENDER_VALUE' }));
  });
});
