import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { variantIni } from '../../src/uwsgi/ini-variant.js';
import { iniLine } from '../../src/uwsgi/ini-write.js';
import { parseIni } from '../helpers/parse-ini.js';

describe("uWSGI's ini dialect", () => {
  it('what is written is read back, whatever the value', () => {
    const value = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => {
      return !/[\0\r\n]|[$@%]\(/.test(text) && text === text.trim();
    });
    const setting = fc.tuple(fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/), value);
    fc.assert(
      fc.property(fc.array(setting), (settings) => {
        const read = parseIni(
          ['[uwsgi]', ...settings.map(([option, text]) => iniLine(option, text))].join('\n'),
        ).map(({ option, value: text }) => [option, text]);
        expect(read).toEqual(settings);
      }),
    );
  });

  it.each([
    ['a\nb = c', 'a line break would begin another option'],
    [' x', 'blanks at the ends are trimmed by uWSGI'],
    ['', 'an empty value means true for a flag'],
    ['$(HOME)', 'expanded from the environment'],
    ['p@(ss)w', 'read from a file, exit 1 when it is missing'],
    ['%(processes)', 'replaced by another option'],
  ])('refuses %j: %s', (value) => {
    expect(() => iniLine('env', value)).toThrow(expect.objectContaining({ code: 'DK_RENDER_VALUE' }));
  });

  it('doubles percent signs and leaves everything else as it is', () => {
    expect(iniLine('log-date', '%Y-%m')).toBe('log-date = %%Y-%%m');
    expect(iniLine('env', 'A=b;c#d"e\'f\\g')).toBe('env = A=b;c#d"e\'f\\g');
    expect(iniLine('http-socket', '[::1]:8000')).toBe('http-socket = [::1]:8000');
  });

  it('reads as uWSGI does: no comments after values, first = splits, sections merge, repeats stay', () => {
    const text =
      '; c\n[other]\na = 1\n[uwsgi]\n# c\nmaster = true ; yes\nenv = A=B\nflag\r\n[uwsgi]\nenv = C=D\n';
    expect(parseIni(text)).toEqual([
      { option: 'master', value: 'true ; yes', line: 6 },
      { option: 'env', value: 'A=B', line: 7 },
      { option: 'flag', value: '', line: 8 },
      { option: 'env', value: 'C=D', line: 10 },
    ]);
  });

  it('a magic value keeps the folder of the ini and its name, and no other variable', () => {
    expect(iniLine('chdir', { magic: '%dapp' })).toBe('chdir = %dapp');
    expect(iniLine('stats', { magic: '/run/%c/50%%' })).toBe('stats = /run/%c/50%%');
    expect(() => iniLine('chdir', { magic: '%napp' })).toThrow(
      expect.objectContaining({ code: 'DK_RENDER_VALUE' }),
    );
  });

  it('a second instance differs in address, sockets and module alone', () => {
    const text =
      '# mine\n[uwsgi]\nprocesses = 2\nhttp-socket = fd://3\nhttp-socket = /p\nuwsgi-socket = fd://3\nstats = /s\nmodule = a:b\nlog-format = %(uri)\n';
    const variant = { httpSocket: '127.0.0.1:1', run: '/x', module: 'verify:application', pythonpath: '/h' };
    expect(variantIni(text, variant).split('\n')).toEqual([
      '# mine',
      '[uwsgi]',
      'processes = 2',
      'http-socket = 127.0.0.1:1',
      'stats = /x/stats.sock',
      'module = verify:application',
      'log-format = %(uri)',
      'pythonpath = /h',
      '',
    ]);
  });
});
