import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DeploykitError } from '../../src/errors.js';
import { readConfig } from '../../src/uwsgi/ini/config.js';
import { iniLine } from '../../src/uwsgi/ini-write.js';
import { optionsOf, pipBuild } from '../../src/uwsgi/option-table/build.js';

// Those that read another file, or begin a block, are not settings.
const OPTIONS = optionsOf(pipBuild('2.0.31')).filter(
  ({ kind, handler }) => kind !== 'logic' && kind !== 'action' && !/^(load|set_placeholder)/.test(handler),
);
const hostile = fc.constantFrom(
  '%',
  '%%',
  '%d',
  '%(a)',
  '$(HOME)',
  '@(x)',
  ';',
  '#',
  '=',
  '"',
  '\n',
  '\0',
  '[',
  ' ',
  '\\',
  'é',
  '{{',
  '../',
  'x'.repeat(10_000),
);
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.array(fc.oneof(hostile, fc.string({ maxLength: 5 })), { maxLength: 6 }).map((parts) => parts.join('')),
);

it('10,000 random settings are read back as they were written, or refused before', () => {
  const setting = fc.tuple(
    fc.constantFrom(...OPTIONS.map(({ name }) => name)),
    fc.oneof(text, fc.integer(), fc.constant<true>(true)),
  );
  let [written, refused] = [0, 0];
  fc.assert(
    fc.property(setting, ([name, value]) => {
      let line: string;
      try {
        line = iniLine(name, value);
      } catch (error) {
        if (!(error instanceof DeploykitError) || error.code !== 'DK_RENDER_VALUE') throw error;
        refused++;
        return;
      }
      written++;
      const file = {
        file: '/srv/uwsgi.ini',
        text: `[uwsgi]\n${line}\nprocesses = 2\n`,
        version: '2.0.31' as const,
      };
      const read = readConfig(file, () => null).settings.map(({ key, value: got }) => [key.text, got]);
      expect(read).toEqual([
        [name, String(value)],
        ['processes', '2'],
      ]);
    }),
    { numRuns: 10_000 },
  );
  expect(written).toBeGreaterThan(3_000);
  expect(refused).toBeGreaterThan(500);
});
