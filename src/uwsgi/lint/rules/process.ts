import { atKey, atValue, type Hit, page, type Rule } from '../types.js';
import type { View } from '../view.js';
import { atSection } from './sockets.js';

// Master, signals, rights, and what a supervisor expects. Source: core/master.c, core/uwsgi.c, core/utils.c.

export const daemonize: Rule = {
  id: 'daemonize',
  code: 'E3',
  severity: 'error',
  title: 'a server that leaves its supervisor',
  does: 'The process that was started ends at once: a container stops, systemd takes the service for dead, and the log goes to a file.',
  mend: 'Remove it, and let systemd or the container engine keep the process.',
  page: page('Systemd'),
  find: (view) =>
    ['daemonize', 'daemonize2'].flatMap((name) =>
      view.all(name).map((s) => atKey(s, `${s.key.text} = ${s.raw.text}`)),
    ),
};

const MASTER_WORK = [
  'harakiri',
  'hook-master-start',
  'max-worker-lifetime',
  'worker-reload-mercy',
  'max-requests',
  'reload-on-rss',
];

// Options that carry the flag turn the master on when they are read; `master = false` is taken after them.
function hasMaster(view: View): boolean {
  const own = view.last('master');
  if (own) return own.open || view.on('master');
  return view.settings.some((setting) => view.option(setting)?.implies.some((flag) => /MASTER/.test(flag)));
}

export const noMaster: Rule = {
  id: 'no-master',
  code: 'E4',
  severity: 'error',
  title: 'no master process',
  does: 'Without it nothing restarts a worker that died, and reload, stats, harakiri and hooks of the master do nothing.',
  mend: 'Set master = true.',
  page: page('Glossary'),
  find: (view) => {
    if (hasMaster(view) || !view.complete || view.settings.length === 0 || view.last('emperor')) return [];
    const needs = view.settings.find((setting) => {
      const option = view.option(setting);
      return option && (MASTER_WORK.includes(option.name) || option.implies.includes('MASTER'));
    });
    if (needs) return [atKey(needs, `${needs.key.text} needs the master, and there is none`)];
    return [atSection(view, 'nothing turns the master on', { severity: 'warning' })];
  },
};

const handlesTerm = (view: View): boolean =>
  view.all('hook-master-start').some(({ value }) => /^unix_signal:\s*(15|SIGTERM)\b/.test(value));

export const termReloads: Rule = {
  id: 'sigterm-reloads',
  code: 'E5',
  severity: 'error',
  title: 'SIGTERM reloads instead of stopping',
  does: 'By default uWSGI 2.0 answers SIGTERM with a brutal reload: requests in flight are dropped, the server comes up again, and docker stop or systemctl stop waits until it kills it.',
  mend: 'Set hook-master-start = unix_signal:15 gracefully_kill_them_all; die-on-term = true also stops, and drops what is in flight.',
  page: page('Management'),
  find: (view) =>
    hasMaster(view) && view.complete && !view.on('die-on-term') && !handlesTerm(view) && !view.last('emperor')
      ? [atSection(view, 'nothing makes SIGTERM stop the server')]
      : [],
};

export const termTwice: Rule = {
  id: 'sigterm-twice',
  code: 'W10',
  severity: 'warning',
  title: 'die-on-term together with the SIGTERM hook',
  does: 'The hook already decides what SIGTERM does; die-on-term then only turns SIGQUIT into a brutal reload.',
  mend: 'Remove die-on-term.',
  page: page('Management'),
  find: (view) => {
    const setting = view.last('die-on-term');
    return setting && view.on('die-on-term') && handlesTerm(view)
      ? [atKey(setting, 'die-on-term with the hook')]
      : [];
  },
};

export const environmentOption: Rule = {
  id: 'uwsgi-environment',
  code: 'E6',
  severity: 'error',
  title: 'an environment variable that begins with UWSGI_',
  does: 'uWSGI takes each such variable for an option: UWSGI_VERSION prints the version and ends with 0, an unknown one ends it with 1 under strict. Set in the ini it strikes at the next reload.',
  mend: 'Choose another name.',
  page: page('Configuration'),
  find: (view) =>
    view
      .all('env')
      .filter(({ value }) => value.startsWith('UWSGI_'))
      .map((setting) => atValue(setting, `${setting.value.split('=')[0]} becomes an option`)),
};

export const mercyTooLong: Rule = {
  id: 'mercy-too-long',
  code: 'W11',
  severity: 'warning',
  title: 'worker-reload-mercy as long as the supervisor waits',
  does: 'systemd kills after TimeoutStopSec (90 s), docker stop after 10 s: whatever the workers still do then is lost.',
  mend: 'Keep it below the stop timeout, and above the longest request.',
  page: page('Options'),
  find: (view) => {
    const setting = view.last('worker-reload-mercy');
    return setting && (view.count('worker-reload-mercy') ?? 0) >= 90
      ? [atValue(setting, `${setting.value} s is not less than the 90 s of systemd`)]
      : [];
  },
};

export const reloadMercy: Rule = {
  id: 'reload-mercy-for-workers',
  code: 'P7',
  severity: 'warning',
  title: 'reload-mercy taken for the time of workers',
  does: 'It is the time for an emperor and attached daemons; workers have worker-reload-mercy, 60 s by default.',
  mend: 'Set worker-reload-mercy.',
  page: page('Options'),
  find: (view) => {
    const setting = view.last('reload-mercy');
    const other = [
      'worker-reload-mercy',
      'emperor',
      'attach-daemon',
      'attach-daemon2',
      'smart-attach-daemon',
    ];
    return setting && view.complete && other.every((name) => !view.last(name))
      ? [atKey(setting, 'reload-mercy does not reach the workers')]
      : [];
  },
};

export const pidfileStays: Rule = {
  id: 'pidfile-stays',
  code: 'W12',
  severity: 'warning',
  title: 'uid, pidfile and vacuum together',
  does: 'With uid set, vacuum leaves the pidfile where it is.',
  mend: 'Use safe-pidfile2, which is written after the rights are dropped; or no pidfile.',
  page: page('Options'),
  find: (view) => {
    const setting = view.last('pidfile');
    return setting && view.last('uid') && view.on('vacuum')
      ? [atKey(setting, 'vacuum will not remove it')]
      : [];
  },
};

export const runsAsRoot: Rule = {
  id: 'runs-as-root',
  code: 'W14',
  severity: 'warning',
  title: 'nothing drops the rights of root',
  does: 'Started by root, the workers stay root: a hole in the application is a hole in the machine.',
  mend: 'Start it as another user (User= in the unit, USER in the Dockerfile), or set uid and gid.',
  page: page('ThingsToKnow'),
  find: (view) => {
    const uid = view.last('uid');
    if (uid) return /^(root|0)$/.test(uid.value) ? [atValue(uid, 'the workers run as root')] : [];
    const port = ['http', 'http-socket', 'socket', 'https-socket']
      .flatMap((name) => view.all(name))
      .find(
        ({ value }) =>
          /:(\d{1,3})$/.test(value) && /:0*[1-9]/.test(value) && Number(/:(\d+)$/.exec(value)?.[1]) < 1024,
      );
    const log = view.all('daemonize').find(({ value }) => value.startsWith('/'));
    const sign = port ?? log;
    if (!view.complete || view.last('immediate-uid')) return [];
    return sign ? [atKey(sign, 'started by root, it stays root')] : [];
  },
};

export const chainWithoutLazy: Rule = {
  id: 'chain-without-lazy-apps',
  code: 'P11',
  severity: 'warning',
  title: 'touch-chain-reload without lazy-apps',
  does: 'The workers fork again from the master, which still has the old code: nothing is reloaded.',
  mend: 'Set lazy-apps = true.',
  page: page('articles/TheArtOfGracefulReloading'),
  find: (view): Hit[] => {
    const setting = view.last('touch-chain-reload');
    return setting && view.complete && !view.on('lazy-apps') && !view.on('lazy')
      ? [atKey(setting, 'the old code stays')]
      : [];
  },
};

export const recycleTogether: Rule = {
  id: 'recycle-together',
  code: 'P14',
  severity: 'warning',
  title: 'max-requests that replaces all workers at once',
  does: 'Workers that share a load reach the number together, and at the latest when min-worker-lifetime (10 s) ends: with lazy-apps nobody answers while all of them load the application.',
  mend: 'Set max-requests-delta: worker n leaves so many requests times n later. A chain reload (lazy-apps, master-fifo, "c" written to it) never has two away.',
  page: page('articles/TheArtOfGracefulReloading'),
  find: (view) => {
    const setting = view.last('max-requests');
    const together = view.on('lazy-apps') && (view.count('processes') ?? 1) > 1;
    if (!setting || !view.count('max-requests') || !together || view.last('max-requests-delta')) return [];
    const message = `all ${view.count('processes')} workers leave after ${setting.raw.text} requests`;
    const older = view.newer('2.0.29') ? {} : { mend: BEFORE_DELTA };
    return [atValue(setting, message, older)];
  },
};

const BEFORE_DELTA =
  'Replace them by a chain reload (lazy-apps, master-fifo, "c" written to it); max-requests-delta, which staggers them, came with 2.0.29.';
