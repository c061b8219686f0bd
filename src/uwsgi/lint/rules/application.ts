import { atKey, atValue, page, type Rule } from '../types.js';
import type { View } from '../view.js';
import { atSection } from './sockets.js';

// The application, and how many of what. Source: core/uwsgi.c, core/init.c, plugins/python.

export const noNeedApp: Rule = {
  id: 'no-need-app',
  code: 'W9',
  severity: 'warning',
  title: 'need-app is missing',
  does: 'When the application cannot be imported uWSGI says "going in full dynamic mode", stays up and answers every request with 500.',
  mend: 'Set need-app = true: the server then ends with 22, and the supervisor sees it.',
  page: page('Options'),
  find: (view) => {
    const app = ['module', 'wsgi', 'wsgi-file', 'mount', 'paste', 'pecan'].find((name) => view.last(name));
    return app && view.complete && !view.on('need-app')
      ? [atSection(view, 'a broken application is served as 500')]
      : [];
  },
};

export const relativeFile: Rule = {
  id: 'relative-without-chdir',
  code: 'W13',
  severity: 'warning',
  title: 'a relative file without chdir',
  does: 'It is looked for in the folder uWSGI was started in, not in that of the ini.',
  mend: 'Set chdir = %d, the folder of this file, or write the whole path.',
  page: page('Configuration'),
  find: (view) => {
    if (!view.complete || view.last('chdir')) return [];
    return ['wsgi-file', 'file']
      .flatMap((name) => view.all(name))
      .filter(({ value, open }) => !open && value !== '' && !value.startsWith('/') && !value.includes('://'))
      .filter((setting, index, all) => all.indexOf(setting) === index)
      .map((setting) =>
        atValue(setting, `${setting.key.text} = ${setting.value} depends on where uWSGI is started`),
      );
  },
};

export const noThreads: Rule = {
  id: 'no-enable-threads',
  code: 'W20',
  severity: 'warning',
  title: 'enable-threads is missing before 2.0.27',
  does: 'Python threads of the application, such as those of Sentry or of a pool, never run.',
  mend: 'Set enable-threads = true.',
  page: page('ThingsToKnow'),
  find: (view) => {
    if (view.newer('2.0.27') || !view.complete || view.on('enable-threads')) return [];
    const app = ['module', 'wsgi', 'wsgi-file'].find((name) => view.last(name));
    const implied = view.settings.some((s) => view.option(s)?.implies.includes('THREADS') && !view.modular);
    return app && !implied && (view.count('threads') ?? 1) < 2
      ? [atSection(view, 'the application cannot have threads')]
      : [];
  },
};

export const hostCpus: Rule = {
  id: 'processes-of-the-host',
  code: 'P8',
  severity: 'warning',
  title: 'as many processes as the host has processors',
  does: '%k counts the processors of the machine, not those the container may use: on a large host it means dozens of workers, and no memory.',
  mend: 'Write the number, or let deploykit decide it from the limits of the cgroup.',
  page: page('Configuration'),
  find: (view) =>
    view
      .all('processes')
      .filter(
        (setting) => setting.open && /%k/.test(`${setting.raw.text}${referenced(view, setting.raw.text)}`),
      )
      .map((setting) => atValue(setting, 'the number comes from %k')),
};

// The text of the variables that a value names.
function referenced(view: View, text: string): string {
  const names = [...text.matchAll(/%\(([^()]*)\)/g)].flatMap((match) => (match[1] ?? '').split(' '));
  return view.settings
    .filter(({ key }) => names.includes(key.text))
    .map(({ raw }) => raw.text)
    .join(' ');
}

export const autoReload: Rule = {
  id: 'autoreload',
  code: 'P9',
  severity: 'warning',
  title: 'the autoreloader of development',
  does: 'A thread looks at the time of every module each few seconds, and reloads in the middle of requests.',
  mend: 'Leave it out where users are.',
  page: page('Options'),
  find: (view) => {
    const setting = view.last('py-autoreload');
    return setting && (view.count('py-autoreload') ?? 1) > 0
      ? [atKey(setting, `${setting.key.text} = ${setting.raw.text}`)]
      : [];
  },
};

export const strictOff: Rule = {
  id: 'strict-off',
  code: 'P10',
  severity: 'warning',
  title: 'strict is not on',
  does: 'A misspelt option is taken for a variable of your own, silently.',
  mend: 'Set strict = true, as the first option.',
  page: page('Options'),
  find: (view) =>
    view.complete && view.settings.length > 0 && !view.on('strict')
      ? [atSection(view, 'a misspelt option is not noticed')]
      : [],
};

export const cheaperTooMany: Rule = {
  id: 'cheaper-too-many',
  code: 'P12',
  severity: 'error',
  title: 'cheaper is not below processes',
  does: 'uWSGI ends with 1: "invalid cheaper value: must be lower than processes".',
  mend: 'Give processes more, or cheaper less.',
  page: page('Cheaper'),
  find: (view) => {
    const setting = view.last('cheaper');
    const [least, most] = [
      view.count('cheaper') ?? 0,
      view.count('processes') ?? (view.last('processes') ? undefined : 1),
    ];
    return setting && least > 0 && most !== undefined && least >= most
      ? [atValue(setting, `cheaper = ${least} and processes = ${most}`, { stopsBoot: true })]
      : [];
  },
};

export const tooFewFiles: Rule = {
  id: 'too-few-files',
  code: 'W17',
  severity: 'warning',
  title: 'fewer open files than the greenlets need',
  does: 'Each request takes a socket, and usually one more for what it asks: uWSGI lowers the number of greenlets to max-fd, or accept fails.',
  mend: 'Set max-fd to at least twice the greenlets, and LimitNOFILE or --ulimit with it.',
  page: page('ThingsToKnow'),
  find: (view) => {
    const setting = view.last('max-fd');
    const needed = view.greenlets * 2;
    return setting && needed > 0 && (view.count('max-fd') ?? needed) < needed
      ? [atValue(setting, `max-fd = ${setting.value} for ${view.greenlets} greenlets`)]
      : [];
  },
};
