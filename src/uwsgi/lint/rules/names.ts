import { closest } from '../../../closest.js';
import type { Setting } from '../../ini/setting.js';
import { has, modularBuild, optionsOf, pipBuild } from '../../option-table/build.js';
import { optionEntries } from '../../option-table/table.js';
import type { Version } from '../../option-table/versions.js';
import { atKey, atValue, type Hit, page, type Rule } from '../types.js';
import { pluginNames, type View } from '../view.js';

// Is there such an option, in this release, in this build? Source: the option tables; core/config.c (uwsgi_opt_get).

const STRICT =
  'Without strict an unknown name is taken for a variable of your own, and nothing is said; with strict uWSGI ends with 1.';

const ENDS = new Set(['endfor', 'end-for', 'endif', 'end-if', 'end']);

export const unknownOption: Rule = {
  id: 'unknown-option',
  code: 'E11',
  severity: 'error',
  title: 'a name that is no option of uWSGI',
  does: STRICT,
  mend: 'Write the name as `uwsgi --help` has it, without dashes in front; a variable of your own is made by set-placeholder.',
  page: page('Options'),
  find: (view) =>
    unknown(view)
      .filter((setting) => !isVariable(setting, view))
      .map((setting) => unknownHit(setting, view.version)),
};

function unknownHit(setting: Setting, version: Version): Hit {
  const name = setting.key.text;
  if (name === 'end') {
    const does = 'It ends the block, and is no option: with strict uWSGI ends with 1.';
    return atKey(setting, 'end is no option', { does, mend: 'Write endif or endfor.', stopsBoot: true });
  }
  const near = closest(name.replaceAll('_', '-'), namesOf(version));
  const message = name === '' ? 'a line without a name' : `uWSGI ${version} has no option "${name}"`;
  return atKey(setting, message, { stopsBoot: true, ...(near ? { mend: `Did you mean "${near}"?` } : {}) });
}

export const bareVariable: Rule = {
  id: 'bare-variable',
  code: 'E11',
  severity: 'warning',
  title: 'a variable of your own that strict refuses',
  does: 'A name that is no option is a variable for %(name), unless strict is on: then uWSGI ends with 1.',
  mend: 'Write set-placeholder = name=value, which strict allows.',
  page: page('Configuration'),
  find: (view) =>
    unknown(view)
      .filter((setting) => isVariable(setting, view))
      .map((setting) =>
        atKey(setting, `${setting.key.text} is a variable of your own`, {
          severity: view.on('strict') ? 'error' : 'warning',
          stopsBoot: true,
          mend: `Write set-placeholder = ${setting.key.text}=${setting.raw.text}, which strict allows.`,
        }),
      ),
};

// Brackets have a rule of their own.
function unknown(view: View): Setting[] {
  const declared = new Set(
    view.settings
      .filter(({ key }) => /^declare-option2?$/.test(key.text))
      .map(({ raw }) => raw.text.split('=')[0]?.trim() ?? ''),
  );
  return view.settings.filter(({ key, variable }) => {
    const known = optionEntries(key.text).length > 0 && key.text !== 'end';
    return !variable && !known && !declared.has(key.text) && !key.text.endsWith('[]');
  });
}

function isVariable({ key }: Setting, { settings }: View): boolean {
  if (key.text === '' || ENDS.has(key.text)) return false;
  const named = settings.some(({ raw }) => raw.text.includes(key.text));
  if (!named) return false;
  const used = new RegExp(`%\\((?:[^()]* )?${literal(key.text)}(?: [^()]*)?\\)`);
  const asked = new Set(
    settings.filter((s) => /^if-(not-)?opt$/.test(s.key.text)).map((s) => s.raw.text.split('=')[0]),
  );
  return asked.has(key.text) || settings.some(({ raw }) => used.test(raw.text));
}

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

const NAMES = new Map<Version, string[]>();

function namesOf(version: Version): string[] {
  const known = NAMES.get(version);
  if (known) return known;
  const names = optionsOf(pipBuild(version)).map((option) => option.name);
  NAMES.set(version, names);
  return names;
}

export const optionTooNew: Rule = {
  id: 'option-too-new',
  code: 'E15',
  severity: 'error',
  title: 'an option of another release',
  does: STRICT,
  mend: 'Leave it out, or update uWSGI.',
  page: page('Changelog'),
  find: (view) =>
    view.settings
      .filter((setting) => !setting.variable && !view.option(setting))
      .flatMap((setting) => {
        const entries = optionEntries(setting.key.text);
        const [first] = entries;
        if (!first || setting.key.text === 'end') return [];
        const last = entries.at(-1) ?? first;
        const when = view.newer(first.since) ? `until ${last.until} only` : `since ${first.since}`;
        const message = `${setting.key.text} exists ${when}; this is uWSGI ${view.version}`;
        return [atKey(setting, message, { stopsBoot: true })];
      }),
};

export const pluginMissing: Rule = {
  id: 'plugin-missing',
  code: 'E8',
  severity: 'error',
  title: 'an option whose plugin is not loaded, or only after it',
  does: "A distribution's uWSGI has its plugins in files: an option is unknown until the line that loads its plugin. Without strict it is dropped, and gevent silently becomes one request at a time.",
  mend: 'Load the plugin before the first of its options.',
  page: page('BuildSystem'),
  find: (view) => {
    if (view.on('autoload')) return [];
    const names = view.settings.flatMap(pluginNames);
    let loaded: string[] = [];
    return view.settings.flatMap((setting) => {
      loaded = [...loaded, ...pluginNames(setting)];
      const option = view.option(setting);
      if (!option || option.owner === 'core') return [];
      const build = view.modular ? modularBuild(view.version, loaded) : pipBuild(view.version);
      if (has(build, option)) return [];
      const later = view.modular && has(modularBuild(view.version, names), option);
      const message = later
        ? `${option.name} stands before the line that loads the plugin ${option.owner}`
        : `${option.name} is an option of the plugin ${option.owner}, which is not loaded`;
      const mend = view.modular
        ? {}
        : { mend: `Build uWSGI with the plugin ${option.owner}, or leave the option out.` };
      return [atKey(setting, message, { stopsBoot: true, ...mend })];
    });
  },
};

export const pluginsInPip: Rule = {
  id: 'plugin-embedded',
  code: 'E8',
  severity: 'error',
  title: 'a plugin line for a uWSGI that has its plugins inside',
  does: 'uWSGI from pip embeds python, gevent and http and has no plugin files: need-plugins ends it with 1, plugins logs an error for each name and goes on.',
  mend: 'Leave the line out where uWSGI comes from pip.',
  page: page('BuildSystem'),
  find: (view) =>
    view.build === 'pip'
      ? view.settings
          .filter((setting) =>
            pluginNames(setting).some((name) => /^(python|gevent|http|greenlet)/.test(name)),
          )
          .map((setting) => {
            const ends = setting.key.text.startsWith('need-');
            return atValue(setting, `${setting.raw.text}: embedded, not a file`, {
              severity: ends ? 'error' : 'warning',
              stopsBoot: ends,
            });
          })
      : [],
};

export const placeholderIsOption: Rule = {
  id: 'placeholder-is-option',
  code: 'E11',
  severity: 'error',
  title: 'set-placeholder with the name of an option',
  does: 'uWSGI ends with 1: "you cannot use … as a placeholder, it is already available as an option".',
  mend: 'Set the option itself, or choose another name.',
  page: page('Configuration'),
  find: (view) =>
    view.settings
      .filter(({ variable, key }) => variable && optionEntries(key.text).some((o) => o.owner === 'core'))
      .map((setting) => atKey(setting, `${setting.key.text} is an option`, { stopsBoot: true })),
};
