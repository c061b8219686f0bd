import { number } from '../../ini/expand.js';
import type { Setting } from '../../ini/setting.js';
import { atKey, atValue, type Hit, page, type Rule } from '../types.js';
import type { View } from '../view.js';

// How uWSGI reads booleans and numbers. Source: core/uwsgi.c (uwsgi_opt_true, uwsgi_opt_set_int, …).

export const oddBoolean: Rule = {
  id: 'odd-boolean',
  code: 'E11',
  severity: 'error',
  title: 'a value that is not a boolean',
  does: 'Only false, off, no and 0 mean off. Any other value means on: null, disabled and none too.',
  mend: 'Write true or false.',
  page: page('Configuration'),
  find: (view) =>
    typed(view, ['boolean', 'inverted'])
      .filter(({ raw }) => !/^(true|on|yes|1|false|off|no|0|)$/i.test(raw.text) && !/[;#]/.test(raw.text))
      .map((setting) =>
        atValue(setting, `"${setting.raw.text}" switches ${setting.key.text} on`, {
          ...offByCase(setting, view),
        }),
      ),
};

function offByCase(setting: Setting, view: View): Partial<Hit> {
  return view.option(setting)?.kind === 'inverted' ? { message: `"${setting.raw.text}" means true` } : {};
}

export const notANumber: Rule = {
  id: 'not-a-number',
  code: 'E11',
  severity: 'error',
  title: 'a value that is not a whole number',
  does: "C's atoi reads the digits at the start and drops the rest; without digits it is 0. There are no units: 1M is 1.",
  mend: 'Write the number out, in the unit of the option.',
  page: page('Configuration'),
  find: (view) =>
    typed(view, ['integer', 'megabytes'])
      .filter((setting) => !setting.open && setting.value === setting.raw.text)
      .filter(({ value }) => !/^(\s*\+?\d+\s*([;#].*)?|(["']).*\3|.*[%$@]\(.*)$/.test(value))
      .map((setting) => numberHit(setting, view)),
};

function numberHit(setting: Setting, view: View): Hit {
  const { key, value } = setting;
  const read = number(value);
  if (read < 0) {
    const handler = view.option(setting)?.handler;
    if (handler === 'set_int') {
      const does = 'uWSGI ends with 1: "must be > 0".';
      return atValue(setting, `${key.text} is negative`, { does, stopsBoot: true });
    }
    const does = 'It is read as an unsigned number: a very large one.';
    return atValue(setting, `${key.text} is negative`, { does });
  }
  return atValue(setting, `${key.text} = ${value === '' ? 'nothing' : `"${value}"`} is read as ${read}`, {
    stopsBoot: view.option(setting)?.handler === 'setup_gevent' && read < 2,
  });
}

export const placeholderTooEarly: Rule = {
  id: 'placeholder-too-early',
  code: 'E7',
  severity: 'error',
  title: 'a placeholder in an option that is taken at once',
  does: 'listen, plugins, ini, umask and other immediate options are taken when their line is read, before any %( ), $( ) or @( ) is replaced: listen = $(BACKLOG) is 0.',
  mend: 'Write the value itself, or give the option on the command line.',
  page: page('Configuration'),
  find: (view) =>
    view.settings.flatMap((setting) => {
      const option = view.option(setting);
      const match = /[%$@]\([^)]*\)/.exec(setting.raw.text);
      if (!option?.immediate || !match || setting.raw.text.includes('%(_)')) return [];
      if (['set_placeholder', 'logic', 'noop', 'print', 'add_custom_option'].includes(option.handler))
        return [];
      const got = option.kind === 'integer' ? 'is read as 0' : `stays as it is: "${setting.raw.text}"`;
      return [atValue(setting, `${match[0]} in ${option.name} ${got}`)];
    }),
};

const ACTS = new Map<string, string>([
  ['version', 'prints its version and ends with 0'],
  ['help', 'prints its help and ends'],
  ['usage', 'prints its help and ends'],
  ['exit', 'ends'],
  ['cflags', 'prints its compiler flags and ends'],
  ['dot-h', 'prints its header file and ends'],
  ['config-py', 'prints its build script and ends'],
  ['build-plugin', 'builds a plugin and ends'],
  ['stop', 'sends a signal to the process of that pidfile and ends'],
  ['reload', 'sends a signal to the process of that pidfile and ends'],
  ['pause', 'sends a signal to the process of that pidfile and ends'],
  ['suspend', 'sends a signal to the process of that pidfile and ends'],
  ['resume', 'sends a signal to the process of that pidfile and ends'],
  ['signal', 'sends a signal and ends'],
  ['connect-and-read', 'reads from that address and ends'],
  ['extract', 'prints that address and ends'],
  ['binary-append-data', 'prints that file and ends'],
  ['print-sym', 'prints that symbol and ends'],
  ['print-symbol', 'prints that symbol and ends'],
  ['get', 'prints that option and ends'],
]);

export const actsAnyway: Rule = {
  id: 'acts-anyway',
  code: 'E11',
  severity: 'error',
  title: 'an option that is a command',
  does: 'It acts whatever its value, false too, and no server starts.',
  mend: 'Leave the line out.',
  page: page('Options'),
  find: ({ settings }) =>
    settings.flatMap((setting) => {
      const act = setting.variable ? undefined : ACTS.get(setting.key.text);
      return act ? [atKey(setting, `${setting.key.text}: uWSGI ${act}`, { stopsBoot: true })] : [];
    }),
};

export const setTwice: Rule = {
  id: 'set-twice',
  code: 'P1',
  severity: 'warning',
  title: 'an option with one value that is set more than once',
  does: 'The last one counts; %(name) and if-opt see the first. processes and workers are one option.',
  mend: 'Keep one of them.',
  page: page('Configuration'),
  find: (view) => {
    const seen = new Map<string, Setting>();
    return typed(view, ['boolean', 'inverted', 'integer', 'megabytes', 'text']).flatMap((setting) => {
      const name = view.option(setting)?.canonical ?? '';
      const before = seen.get(name);
      seen.set(name, setting);
      if (!before || before.block || setting.block || /^(print|iprint)$/.test(name)) return [];
      if (before.value === setting.value && before.source !== setting.source) return [];
      const line = before.source.text.slice(0, before.key.offset).split('\n').length;
      return [
        atKey(
          setting,
          `${setting.key.text} was ${before.key.text} = ${before.raw.text} in line ${line} before`,
        ),
      ];
    });
  },
};

function typed(view: View, kinds: string[]): Setting[] {
  return view.settings.filter((setting) => kinds.includes(view.option(setting)?.kind ?? ''));
}
