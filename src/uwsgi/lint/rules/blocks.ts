import type { Setting } from '../../ini/setting.js';
import { atKey, atValue, type Hit, page, type Rule } from '../types.js';

// for…, if… and placeholders. Source: core/config.c, core/utils.c (uwsgi_apply_config_pass).

const LOGIC = page('ConfigLogic');
const ENDS = new Set(['endfor', 'end-for', 'endif', 'end-if', 'end']);

export const blockWithoutEnd: Rule = {
  id: 'block-without-end',
  code: 'E11',
  severity: 'error',
  title: 'a for or if without its end, or one inside another',
  does: 'A block without an end takes every option after it, silently. Blocks cannot stand in each other: uWSGI ends with 1.',
  mend: 'End each block with endif or endfor before the next one begins.',
  page: LOGIC,
  find: (view) => {
    const hits: Hit[] = [];
    let open: Setting | null = null;
    for (const setting of view.settings) {
      if (ENDS.has(setting.key.text)) open = null;
      else if (view.option(setting)?.handler === 'logic') {
        const inside = `${setting.key.text} stands inside ${open?.key.text}`;
        if (open) hits.push(atKey(setting, inside, { stopsBoot: true }));
        else open = setting;
      }
    }
    const last = open;
    if (last) {
      const after = view.settings.filter((setting) => setting.block === last).length;
      hits.push(
        atKey(
          last,
          `${last.key.text} has no end: ${after} option${after === 1 ? '' : 's'} after it belong to it`,
        ),
      );
    }
    return hits;
  },
};

export const endWithoutBlock: Rule = {
  id: 'end-without-block',
  code: 'E11',
  severity: 'warning',
  title: 'an end that ends nothing',
  does: 'It has no effect.',
  mend: 'Remove the line, or write the if or for it belongs to.',
  page: LOGIC,
  find: ({ settings }) =>
    settings
      .filter(({ key, block }) => ENDS.has(key.text) && key.text !== 'end' && block === null)
      .map((setting) => atKey(setting, `${setting.key.text} ends nothing`)),
};

export const fileNotThere: Rule = {
  id: 'file-placeholder',
  code: 'E11',
  severity: 'error',
  title: 'text that reads a file',
  does: 'uWSGI replaces @(name) by the contents of that file, and ends with 1 when it is not there. A password that holds "@(" does this too, and nothing escapes it.',
  mend: 'Pass the value by the environment; or put the sign in by set-placeholder = at=@ and write %(at)(.',
  page: page('Configuration'),
  find: (view) =>
    view.settings.flatMap((setting) => {
      const match = /@\(([^()]*)\)/.exec(setting.raw.text);
      const immediate = view.option(setting)?.immediate ?? setting.variable;
      if (!match || immediate || /^[a-z]+:\/\//.test(match[1] ?? '') || view.exists(match[1] ?? '') !== false)
        return [];
      return [
        atValue(setting, `@(${match[1]}) reads the file "${match[1]}", which is not there`, {
          stopsBoot: true,
        }),
      ];
    }),
};

export const endlessPlaceholder: Rule = {
  id: 'endless-placeholder',
  code: 'E11',
  severity: 'error',
  title: 'a placeholder that leads back to itself',
  does: 'uWSGI replaces it again and again, takes more and more memory, and never starts.',
  mend: 'Choose another name for one of them.',
  page: page('Configuration'),
  find: ({ settings }) =>
    settings
      .filter(({ endless }) => endless)
      .map((setting) => atValue(setting, `${setting.raw.text} never ends`, { stopsBoot: true })),
};

export const includeNotRead: Rule = {
  id: 'include-not-read',
  code: 'L2',
  severity: 'note',
  title: 'an include that could not be followed',
  does: 'uWSGI ends with 1 when the file is not there. What is absent from this file may stand in that one, and is not looked for.',
  mend: 'Lint where the file is, with -C the folder in which uWSGI is started.',
  page: page('Configuration'),
  find: ({ config, exists }) =>
    config.unread.map((setting) => {
      const missing = exists(setting.raw.text.replace(/:[^/]*$/, '')) === false;
      return atValue(setting, `${setting.raw.text} was not read`, { stopsBoot: missing });
    }),
};

// Templates of the log, in which %( ) names a variable of the request.
const TEMPLATES =
  /^(log-format|logformat|log-format-strftime|logformat-strftime|log-encoder|log-req-encoder)$/;

export const unknownPlaceholder: Rule = {
  id: 'unknown-placeholder',
  code: 'E11',
  severity: 'warning',
  title: 'a placeholder that nothing sets',
  does: 'It stays in the value as it is written.',
  mend: 'Set it by set-placeholder = name=value, before or after.',
  page: page('Configuration'),
  find: (view) =>
    view.settings.flatMap((setting) => {
      if (TEMPLATES.test(setting.key.text) || setting.variable || setting.endless || !view.complete)
        return [];
      if (view.option(setting)?.immediate ?? true) return [];
      const match = /%\(([^() ]+)\)/.exec(setting.value);
      if (!match || match[1] === '_') return [];
      return [atValue(setting, `nothing sets ${match[1]}`)];
    }),
};

// core/logging.c, uwsgi_add_logchunk.
const LOG_VARIABLES = new Set(
  'uri method user addr host proto uagent referer status rsize hsize size cl micros msecs secs tmsecs tmicros time ltime ftime ctime epoch pid wid switches vars core vsz rss vszM rssM pktsize modifier1 modifier2 headers werr rerr ioerr'.split(
    ' ',
  ),
);

export const shadowsLog: Rule = {
  id: 'shadows-log-variable',
  code: 'W21',
  severity: 'warning',
  title: 'a variable of your own with the name of a log variable',
  does: 'The placeholder is replaced when the file is read: every line of the log shows that one value.',
  mend: 'Choose another name for the variable.',
  page: page('LogFormat'),
  find: (view) => {
    const used = view.settings
      .filter(({ key }) => TEMPLATES.test(key.text))
      .flatMap(({ raw }) => [...raw.text.matchAll(/%\(([^()]+)\)/g)].map((match) => match[1] ?? ''));
    return view.settings
      .filter((setting) => setting.variable || !view.option(setting))
      .filter(({ key }) => LOG_VARIABLES.has(key.text) && used.includes(key.text))
      .map((setting) =>
        atKey(setting, `%(${setting.key.text}) of the log format becomes "${setting.raw.text}"`),
      );
  },
};
