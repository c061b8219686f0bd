import { number } from '../../ini/expand.js';
import type { Setting } from '../../ini/setting.js';
import { atKey, atValue, type Edit, type Hit, page, type Rule } from '../types.js';
import type { View } from '../view.js';

// What does not go together with gevent. Source: plugins/gevent/gevent.c, core/init.c, core/uwsgi.c.

const GEVENT = page('Gevent');

/** Findings on an option that does harm, or nothing, under gevent. */
function withGevent(name: string, message: (setting: Setting) => string | null, more: Partial<Hit> = {}) {
  return (view: View): Hit[] => {
    const setting = view.last(name);
    if (!view.gevent || !setting) return [];
    const text = message(setting);
    return text === null ? [] : [atKey(setting, text, more)];
  };
}

/** The edit that removes a setting's line. */
function removal({ key, raw, source }: Setting): Edit[] {
  const start = source.text.lastIndexOf('\n', key.offset - 1) + 1;
  const newline = source.text.indexOf('\n', raw.end);
  if (source.text.slice(start, key.offset).trim() !== '') return [];
  return [{ offset: start, end: newline < 0 ? source.text.length : newline + 1, text: '' }];
}

export const geventThreads: Rule = {
  id: 'gevent-threads',
  code: 'E1',
  severity: 'error',
  title: 'threads together with gevent',
  does: 'Memory is laid out for the number of threads, and gevent uses as many places as it has greenlets: requests write outside their memory, and workers crash sooner or later.',
  mend: 'Remove threads: the slots of a gevent worker are its greenlets.',
  page: GEVENT,
  find: (view) => {
    const threads = view.last('threads');
    const loop = view.gevent ?? view.last('asyncio') ?? view.last('tornado');
    if (!loop || !threads || (view.count('threads') ?? 2) < 2) return [];
    return [atKey(threads, `threads = ${view.count('threads') ?? threads.raw.text} with ${loop.key.text}`)];
  },
};

export const geventTooFew: Rule = {
  id: 'gevent-too-few',
  code: 'E2',
  severity: 'error',
  title: 'gevent with fewer than two greenlets',
  does: 'The loop needs async mode, which begins at two: each worker ends with "the gevent loop engine requires async mode" and is started again, without end.',
  mend: 'Give it at least 2, usually 100 or more; or remove gevent.',
  page: GEVENT,
  find: (view) => {
    const greenlets = view.count('gevent');
    if (!view.gevent || greenlets === undefined || greenlets >= 2 || !/^\d+/.test(view.gevent.value))
      return [];
    return [atValue(view.gevent, `gevent = ${view.gevent.raw.text}`, { stopsBoot: true })];
  },
};

export const geventOldUwsgi: Rule = {
  id: 'gevent-old-uwsgi',
  code: 'E9',
  severity: 'error',
  title: 'gevent with a uWSGI before 2.0.19',
  does: 'Workers crash with gevent 1.5 and newer.',
  mend: 'Update uWSGI to 2.0.19 or newer, or stay with gevent 1.4.',
  page: GEVENT,
  find: (view) =>
    view.gevent && !view.newer('2.0.19') ? [atKey(view.gevent, `gevent with uWSGI ${view.version}`)] : [],
};

export const lateMonkeyPatch: Rule = {
  id: 'late-monkey-patch',
  code: 'W1',
  severity: 'warning',
  title: 'gevent without an early monkey patch',
  does: 'gevent-monkey-patch patches in the worker, after the application was imported: what it took by "from … import" stays blocking, and locks made before are dead. Without any patch every blocking call stops all greenlets of the worker.',
  mend: 'Use gevent-early-monkey-patch = true, or begin the module with "from gevent import monkey; monkey.patch_all()".',
  page: GEVENT,
  find: (view) => {
    if (!view.gevent || view.on('gevent-early-monkey-patch')) return [];
    const late = view.last('gevent-monkey-patch');
    if (!late) return view.complete ? [atKey(view.gevent, 'gevent without a monkey patch')] : [];
    const { key } = late;
    const fix = [{ offset: key.offset, end: key.end, text: 'gevent-early-monkey-patch' }];
    return [atKey(late, 'the patch comes after the application is imported', { fix })];
  },
};

export const geventHarakiri: Rule = {
  id: 'gevent-harakiri',
  code: 'W2',
  severity: 'warning',
  title: 'harakiri with gevent',
  does: 'There is one clock a worker, not a request: each accept and each end of a request resets it. A stuck request is missed while others come, and when it strikes, every request of the worker dies.',
  mend: 'Remove it and limit the time in the application (gevent.Timeout).',
  page: GEVENT,
  find: withGevent('harakiri', ({ value }) => (number(value) > 0 ? `harakiri = ${value} with gevent` : null)),
};

export const geventCheaper: Rule = {
  id: 'gevent-cheaper',
  code: 'W3',
  severity: 'warning',
  title: 'cheaper or max-worker-lifetime with gevent',
  does: 'The gevent loop does not look at the flag they set: a worker that should go is killed after worker-reload-mercy, with its requests.',
  mend: 'Remove it; max-requests works with gevent.',
  page: page('Cheaper'),
  find: (view) =>
    ['cheaper', 'max-worker-lifetime'].flatMap((name) => withGevent(name, () => `${name} with gevent`)(view)),
};

export const geventThunderLock: Rule = {
  id: 'gevent-thunder-lock',
  code: 'W4',
  severity: 'warning',
  title: 'thunder-lock with gevent',
  does: 'It has no effect: gevent accepts without the lock.',
  mend: 'Remove it.',
  page: page('articles/SerializingAccept'),
  find: (view) => {
    const lock = view.last('thunder-lock');
    if (!view.gevent || !lock || !view.on('thunder-lock')) return [];
    return [atKey(lock, 'thunder-lock with gevent', { fix: removal(lock) })];
  },
};

export const geventWaitForHub: Rule = {
  id: 'gevent-wait-for-hub',
  code: 'W22',
  severity: 'warning',
  title: 'gevent-wait-for-hub',
  does: 'A worker ends when the hub has nothing left: a greenlet that never ends, such as the monitors of pymongo, keeps it until it is killed.',
  mend: 'Remove it, and drain by hook-master-start = unix_signal:15 gracefully_kill_them_all.',
  page: GEVENT,
  find: withGevent('gevent-wait-for-hub', () => 'workers wait for every greenlet'),
};

export const geventKeepAlive: Rule = {
  id: 'gevent-http11',
  code: 'M1',
  severity: 'error',
  title: 'http11-socket with gevent',
  does: 'An idle keep-alive connection blocks the hub: three requests one after the other took 0.001, 0.15 and 1.0 s, and under load none was answered.',
  mend: 'Use http-socket, and put nginx in front for keep-alive.',
  page: page('HTTP'),
  find: (view) =>
    view.gevent
      ? view.all('http11-socket').map((setting) => atKey(setting, 'http11-socket with gevent'))
      : [],
};

export const asyncWithoutEngine: Rule = {
  id: 'async-without-engine',
  code: 'P2',
  severity: 'error',
  title: 'async without a loop engine',
  does: 'uWSGI says "DANGER async mode without coroutine/greenthread engine": requests share one stack, and a handler that waits stops them all.',
  mend: 'Use gevent = N instead of async = N.',
  page: page('Async'),
  find: (view) => {
    const setting = view.last('async');
    if (!setting || (view.count('async') ?? 2) < 2 || !view.complete) return [];
    const engines = [
      'gevent',
      'asyncio',
      'tornado',
      'loop',
      'ugreen',
      'greenlet',
      'fiber',
      'coroae',
      'stackless',
      'goroutines',
    ];
    if (engines.some((name) => view.last(name))) return [];
    return [atKey(setting, `async = ${setting.raw.text} and no engine`)];
  },
};

export const geventAndAsync: Rule = {
  id: 'gevent-and-async',
  code: 'P3',
  severity: 'warning',
  title: 'gevent and async with different numbers',
  does: 'Both set the same number of slots: the later one counts.',
  mend: 'Remove async.',
  page: GEVENT,
  find: (view) => {
    const other = view.last('async');
    if (!view.gevent || !other || view.count('async') === view.count('gevent')) return [];
    return [atKey(other, `async = ${other.raw.text} with gevent = ${view.gevent.raw.text}`)];
  },
};

export const geventSharedImport: Rule = {
  id: 'gevent-without-lazy-apps',
  code: 'P4',
  severity: 'note',
  title: 'gevent without lazy-apps',
  does: 'The application is imported in the master, and what it opens there (a hub, database connections, TLS sessions) is shared by the workers after the fork.',
  mend: 'Set lazy-apps = true; each worker then imports the application itself, for more memory.',
  page: page('articles/TheArtOfGracefulReloading'),
  find: (view) =>
    view.gevent && view.complete && !view.on('lazy-apps') && !view.on('lazy')
      ? [atKey(view.gevent, 'the application is imported before the fork')]
      : [],
};

export const geventMemoryLimit: Rule = {
  id: 'gevent-reload-on-rss',
  code: 'P5',
  severity: 'warning',
  title: 'evil-reload-on-rss or evil-reload-on-as with gevent',
  does: 'The master kills the worker at once, with every request in flight.',
  mend: 'Use reload-on-rss, which waits for the requests, and a limit on the process from outside.',
  page: page('ThingsToKnow'),
  find: (view) =>
    ['evil-reload-on-rss', 'evil-reload-on-as'].flatMap((name) =>
      withGevent(name, () => `${name} with gevent`)(view),
    ),
};
