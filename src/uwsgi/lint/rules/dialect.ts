import type { IniFile, IniLine } from '../../ini/lines.js';
import type { Setting } from '../../ini/setting.js';
import { atKey, atValue, type Hit, page, type Rule } from '../types.js';
import type { View } from '../view.js';
import { failsOn, isFreeText } from './values.js';

// What the ini dialect does to a line that was written for another one. Source: core/ini.c, core/utils.c (magic_sub).

const DIALECT = page('Configuration');

export const inlineComment: Rule = {
  id: 'inline-comment',
  code: 'E11',
  severity: 'error',
  title: 'a comment after a value',
  does: 'uWSGI knows comments only on a line of their own: everything up to the end of the line is the value.',
  mend: 'Put the comment on its own line.',
  page: DIALECT,
  find: (view) => view.settings.flatMap((setting) => commentIn(setting, view)),
};

function commentIn(setting: Setting, view: View): Hit[] {
  const { raw, source } = setting;
  const option = view.option(setting);
  if (!option || setting.variable) return [];
  const typed = ['boolean', 'inverted', 'integer', 'megabytes'].includes(option.kind);
  if (!typed && isFreeText(option)) return [];
  const match = (typed ? /\s*[;#]/ : /(^|\s+)[;#]/).exec(raw.text);
  if (!match) return [];
  const value = raw.text.slice(0, match.index);
  const written = source.text.slice(raw.offset, raw.end);
  const start = written === raw.text ? raw.offset + match.index + match[0].length - 1 : raw.offset;
  const fix = written === raw.text ? moveUp(setting, match) : undefined;
  return [
    atValue(setting, `${setting.key.text} gets the value "${raw.text}", comment included`, {
      offset: start,
      does: readAs(option.kind, raw.text, value),
      stopsBoot: failsOn(setting, view),
      ...(fix ? { fix } : {}),
    }),
  ];
}

function readAs(kind: string, whole: string, value: string): string {
  if (kind === 'boolean' || kind === 'inverted') {
    const meant = /^(false|off|no|0)$/i.test(value) ? 'off' : 'on';
    const read = kind === 'boolean' ? 'on' : 'off';
    return meant === 'off'
      ? `Only false, off, no and 0 mean off, so "${whole}" switches it ${read}: the opposite of what is written.`
      : `"${whole}" happens to mean ${read}, because it is none of false, off, no and 0; false with a comment would mean ${read} too.`;
  }
  if (kind === 'integer' || kind === 'megabytes') {
    return 'The digits at the start are read and the rest is dropped: it works by luck.';
  }
  return `The comment becomes part of the value: "${whole}".`;
}

function moveUp({ key, raw, source }: Setting, match: RegExpExecArray): Hit['fix'] {
  const lineStart = source.text.lastIndexOf('\n', key.offset - 1) + 1;
  const indent = source.text.slice(lineStart, key.offset);
  if (indent.trim() !== '' || source.text.slice(key.offset, raw.end).includes('\n')) return undefined;
  const comment = raw.text.slice(match.index).trim();
  return [
    { offset: lineStart, end: lineStart, text: `${indent}${comment}\n` },
    { offset: raw.offset + match.index, end: raw.end, text: '' },
  ];
}

export const byteOrderMark: Rule = {
  id: 'byte-order-mark',
  code: 'E11',
  severity: 'error',
  title: 'a byte order mark before the first line',
  does: 'The mark belongs to the first line: "[uwsgi]" there is no section header, and every option up to the next header is dropped.',
  mend: 'Save the file as UTF-8 without a mark.',
  page: DIALECT,
  find: ({ config }) =>
    config.sources
      .filter((source) => source.text.startsWith('\uFEFF'))
      .map((source) => ({
        source,
        offset: 0,
        end: 1,
        message: 'the file begins with a byte order mark',
        stopsBoot: source.lines.find((line) => line.kind === 'section') === undefined,
        fix: [{ offset: 0, end: 1, text: '' }],
      })),
};

export const sectionHeader: Rule = {
  id: 'section-header',
  code: 'E11',
  severity: 'error',
  title: 'a section header that is not read as it looks',
  does: 'The name of a section is everything between "[" and the last character of the line: another name than uwsgi is another section, and its options are dropped with no more than a warning.',
  mend: 'Write [uwsgi] alone on its line.',
  page: DIALECT,
  find: ({ config }) =>
    config.sources.flatMap((source) =>
      source.lines.filter((line) => line.kind === 'section').flatMap((line) => oddHeader(source, line)),
    ),
};

function oddHeader(source: IniFile, line: IniLine): Hit[] {
  const { whole } = line;
  const meant = /^\[\s*([^\]\s]*)\s*\]?/.exec(whole.text)?.[1] ?? '';
  if (meant !== 'uwsgi' || line.section === 'uwsgi') {
    if (meant.toLowerCase() !== 'uwsgi' || line.section === 'uwsgi') return [];
  }
  const rest = whole.text.replace(/^\[\s*uwsgi\s*\]?\s*/i, '');
  const comment = /^[;#]/.test(rest);
  return [
    {
      source,
      offset: whole.offset,
      end: whole.end,
      message: `"${whole.text}" begins a section named "${line.section}", not "uwsgi"`,
      stopsBoot: !source.lines.some((other) => other.kind === 'option' && other.section === 'uwsgi'),
      ...(comment || rest === ''
        ? { fix: [{ offset: whole.offset, end: whole.end, text: `${comment ? `${rest}\n` : ''}[uwsgi]` }] }
        : {}),
    },
  ];
}

export const noSection: Rule = {
  id: 'no-section',
  code: 'E11',
  severity: 'error',
  title: 'no option stands in a [uwsgi] section',
  does: 'Options before the first header, or in another section, are dropped; uWSGI warns that it cannot find the section "uwsgi" and goes on without any.',
  mend: 'Put [uwsgi] on a line of its own before the first option.',
  page: DIALECT,
  find: ({ main }) => {
    const options = main.lines.filter((line) => line.kind === 'option');
    const [first] = options;
    if (!first || options.some((line) => line.section === 'uwsgi')) return [];
    const headers = main.lines.filter((line) => line.kind === 'section');
    // A header that nearly reads uwsgi has a finding of its own.
    if (headers.some((line) => /^\[\s*uwsgi/i.test(line.whole.text)) || main.text.startsWith('\uFEFF'))
      return [];
    const { offset, end } = first.whole;
    const message = `${options.length} option${options.length > 1 ? 's' : ''}, and none in [uwsgi]`;
    return [{ source: main, offset, end, message, stopsBoot: true }];
  },
};

export const bracketList: Rule = {
  id: 'bracket-list',
  code: 'E11',
  severity: 'error',
  title: 'a list written with brackets after the name',
  does: 'The brackets belong to the name, and there is no such option: the line is dropped, and under strict uWSGI ends with 1.',
  mend: 'Write the option once for each value, without brackets.',
  page: DIALECT,
  find: ({ settings }) =>
    settings
      .filter(({ key }) => key.text.endsWith('[]'))
      .map((setting) =>
        atKey(setting, `"${setting.key.text}" is no option`, {
          stopsBoot: true,
          fix: [{ offset: setting.key.end - 2, end: setting.key.end, text: '' }],
        }),
      ),
};

export const quotedValue: Rule = {
  id: 'quoted-value',
  code: 'E11',
  severity: 'error',
  title: 'quotes around a value',
  does: 'There are no quotes in this dialect: they are characters of the value.',
  mend: 'Leave the quotes out; blanks inside a value need none.',
  page: DIALECT,
  find: (view) =>
    view.settings.flatMap((setting) => {
      const { raw, source } = setting;
      const inner = /^(["'])(.*)\1$/.exec(raw.text);
      if (!inner || inner[2]?.includes(inner[1] ?? '')) return [];
      const plain = source.text.slice(raw.offset, raw.end) === raw.text;
      return [
        atValue(setting, `the value of ${setting.key.text} is ${raw.text}, quotes included`, {
          stopsBoot: failsOn(setting, view),
          ...(plain ? { fix: [{ offset: raw.offset, end: raw.end, text: inner[2] ?? '' }] } : {}),
        }),
      ];
    }),
};

export const percentMagic: Rule = {
  id: 'percent-magic',
  code: 'E11',
  severity: 'error',
  title: 'a percent sign that is not doubled',
  does: 'Before a line is read, a percent sign and the character after it are replaced or, when they stand for nothing, deleted: in the whole file, comments and line ends included.',
  mend: 'Write %% for a percent sign.',
  page: page('Configuration'),
  find: ({ config }) => config.sources.flatMap((source) => [...vanished(source), ...replacedDigits(source)]),
};

const STRFTIME = /^(log-date|logdate|log-format-strftime|logformat-strftime)$/;

function vanished(source: IniFile): Hit[] {
  const seen = new Set<IniLine>();
  return source.mapped.vanished.flatMap((offset) => {
    const line = source.lines.find(({ whole }) => whole.offset <= offset && offset <= whole.end);
    const next = source.text[offset + 1] ?? '';
    const eatsLine = next === '\n';
    if ((line?.kind === 'comment' && !eatsLine) || (line && seen.has(line))) return [];
    if (line) seen.add(line);
    const shown = eatsLine ? 'the end of the line' : next === ' ' ? 'the blank after it' : `"${next}"`;
    const dates = line && STRFTIME.test(line.key.text);
    return [
      {
        source,
        offset,
        end: offset + 2,
        message: `"%" and ${shown} vanish`,
        ...(eatsLine ? { does: 'The next line becomes a part of this one.' } : {}),
        fix: dates ? doubleAll(source, line) : [{ offset, end: offset + 1, text: '%%' }],
      },
    ];
  });
}

function replacedDigits(source: IniFile): Hit[] {
  return source.mapped.digits.map((offset) => {
    const pair = source.text.slice(offset, offset + 2);
    const message = `"${pair}" is replaced by a part of the path of this file`;
    return { source, offset, end: offset + 2, message, fix: [{ offset, end: offset + 1, text: '%%' }] };
  });
}

// In a date format every letter is meant for strftime, also those that uWSGI would replace.
function doubleAll({ text }: IniFile, { key }: IniLine): NonNullable<Hit['fix']> {
  const offset = text.indexOf('=', key.end) + 1;
  const newline = text.indexOf('\n', offset);
  const end = newline < 0 ? text.length : newline;
  return [{ offset, end, text: text.slice(offset, end).replace(/%%|%/g, '%%') }];
}
