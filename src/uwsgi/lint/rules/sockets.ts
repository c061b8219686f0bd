import type { Setting } from '../../ini/setting.js';
import { atKey, atValue, type Hit, page, type Rule } from '../types.js';
import type { View } from '../view.js';

// Where the server listens, and who may reach it. Source: core/socket.c, plugins/http.

const SOCKETS = [
  'socket',
  'uwsgi-socket',
  'suwsgi-socket',
  'ssl-socket',
  'http-socket',
  'http11-socket',
  'https-socket',
  'fastcgi-socket',
  'fastcgi-nph-socket',
  'scgi-socket',
  'scgi-nph-socket',
  'raw-socket',
  'puwsgi-socket',
];
const ROUTERS = ['http', 'https', 'https2', 'http-to-https', 'fastrouter', 'rawrouter', 'sslrouter'];

const strip = (value: string): string => value.split(/[,\s]/)[0] ?? '';
const isUnix = (address: string): boolean => !address.includes(':') && address !== '';

// The empty host and the two wildcards; a name may be anything.
function isPublic(address: string): boolean {
  const colon = address.lastIndexOf(':');
  if (colon < 0) return false;
  const host = address.slice(0, colon).replace(/^\[|\]$/g, '');
  if (/^(fd|exec|file|data)$/.test(host) || address.includes('://')) return false;
  return !/^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host);
}

const everywhere = (address: string): string =>
  /^(\*|0\.0\.0\.0|\[::\])?:/.test(address) ? 'every address of the machine' : strip(address);

export const listenTooLong: Rule = {
  id: 'listen-too-long',
  code: 'E7',
  severity: 'error',
  title: 'a listen queue longer than the kernel allows',
  does: 'uWSGI ends with 1: "Listen queue size is greater than the system max net.core.somaxconn".',
  mend: 'Lower listen, or raise net.core.somaxconn where it runs (docker run --sysctl net.core.somaxconn=…).',
  page: page('ThingsToKnow'),
  find: (view) => {
    const setting = view.last('listen');
    const asked = view.count('listen') ?? 0;
    if (!setting || asked <= view.somaxconn || SOCKETS.every((name) => !view.last(name))) return [];
    return [atValue(setting, `listen = ${asked}, and somaxconn is ${view.somaxconn}`, { stopsBoot: true })];
  },
};

export const socketPathTooLong: Rule = {
  id: 'socket-path-too-long',
  code: 'E10',
  severity: 'error',
  title: 'a unix socket with more than 102 bytes of path',
  does: 'uWSGI ends with "invalid socket name".',
  mend: 'Choose a shorter path, such as one under /run.',
  page: page('ThingsToKnow'),
  find: (view) =>
    ['stats', ...SOCKETS, ...ROUTERS]
      .flatMap((name) => view.all(name))
      .filter(({ value, open }) => !open && isUnix(value) && new TextEncoder().encode(value).length > 102)
      .map((setting) => atValue(setting, `${setting.value.length} characters of path`, { stopsBoot: true })),
};

export const statsPublic: Rule = {
  id: 'stats-public',
  code: 'E12',
  severity: 'error',
  title: 'the stats server on a public address',
  does: 'It asks nobody who they are and shows the headers and cookies of running requests. ":1717" is every address of the machine.',
  mend: 'Use 127.0.0.1:1717 or a unix socket.',
  page: page('StatsServer'),
  find: (view) =>
    view
      .all('stats')
      .filter(({ value, open }) => !open && isPublic(value))
      .map((setting) => atValue(setting, `stats on ${everywhere(setting.value)}`)),
};

export const uwsgiSocketPublic: Rule = {
  id: 'uwsgi-socket-public',
  code: 'E13',
  severity: 'error',
  title: 'the uwsgi protocol on a public address',
  does: 'Whoever reaches this port can set any variable of a request, UWSGI_FILE included, and so run code. A browser gets nothing from it: it is not HTTP.',
  mend: 'Use 127.0.0.1 or a unix socket behind nginx; for HTTP use http-socket.',
  page: page('ThingsToKnow'),
  find: (view) => {
    const protocol = view.last('protocol')?.value ?? 'uwsgi';
    if (!/uwsgi/.test(protocol)) return [];
    return ['socket', 'uwsgi-socket']
      .flatMap((name) => view.all(name))
      .filter(({ value, open }) => !open && isPublic(strip(value)))
      .filter((setting, index, all) => all.indexOf(setting) === index)
      .map((setting) => atValue(setting, `${setting.key.text} on ${everywhere(setting.value)}`));
  },
};

export const portTwice: Rule = {
  id: 'port-twice',
  code: 'E14',
  severity: 'error',
  title: 'two sockets on one port',
  does: 'The second bind fails, and uWSGI ends with 1: "probably another instance of uWSGI is running on the same address". Two equal lines of http-socket or socket are one socket.',
  mend: 'Keep one of them, or give each a port of its own.',
  page: page('HTTP'),
  find: (view) => {
    const taken = new Map<string, Setting[]>();
    const hits: Hit[] = [];
    for (const setting of ['stats', ...SOCKETS, ...ROUTERS].flatMap((name) => view.all(name))) {
      const [, host = '', port = '0'] = /^(.*):(\d+)$/.exec(strip(setting.value)) ?? [];
      if (port === '0' || setting.open || setting.block) continue;
      const clash = (taken.get(port) ?? []).find((other) => overlaps(other, setting, host));
      taken.set(port, [...(taken.get(port) ?? []), setting]);
      if (!clash || clash === setting) continue;
      const message = `${setting.key.text} and ${clash.key.text} both take port ${port}`;
      hits.push(atValue(setting, message, { stopsBoot: true }));
    }
    return hits;
  },
};

function overlaps(other: Setting, setting: Setting, host: string): boolean {
  const wild = (text: string): boolean => /^(|\*|0\.0\.0\.0)$/.test(text);
  const before = strip(other.value).replace(/:\d+$/, '');
  if (other.value === setting.value) {
    const routers = ROUTERS.includes(other.key.text) || ROUTERS.includes(setting.key.text);
    return routers || other.key.text === 'stats' || setting.key.text === 'stats';
  }
  return before === host || wild(before) || wild(host);
}

export const httpRouter: Rule = {
  id: 'http-router',
  code: 'W6',
  severity: 'warning',
  title: 'the http router in front of the workers',
  does: 'http = starts one more process that passes every request on: a third less throughput, and at each reload it is killed first and the port is closed. Until 2.0.26 a graceful stop loses the answers too.',
  mend: 'Use http-socket: the workers speak HTTP themselves, and keep the port through a reload.',
  page: page('HTTP'),
  find: (view) =>
    ['http', 'https']
      .flatMap((name) => view.all(name))
      .filter(({ value }) => value !== '')
      .map((setting) => atKey(setting, `${setting.key.text} = ${setting.raw.text} is a router`)),
};

export const noSocket: Rule = {
  id: 'no-socket',
  code: 'M2',
  severity: 'error',
  title: 'no socket at all',
  does: 'uWSGI ends with 1: "The -s/--socket option is missing and stdin is not a socket", unless systemd or an emperor hands it a socket.',
  mend: 'Add http-socket = 127.0.0.1:8000, or protocol = http where systemd passes the socket.',
  page: page('Systemd'),
  find: (view) => {
    const others = [
      'emperor',
      'zerg',
      'zergpool',
      'shared-socket',
      'protocol',
      'no-server',
      'worker-exec',
      'worker-exec2',
    ];
    const more = [
      'mule',
      'mules',
      'farm',
      'spooler',
      'cron',
      'attach-daemon',
      'attach-daemon2',
      'pyrun',
      'master-fifo',
      'subscribe-to',
      'tuntap-router',
      'forkpty-router',
    ];
    const names = [...SOCKETS, ...ROUTERS, ...others, ...more];
    // Options in another section have a finding of their own.
    const elsewhere = view.settings.length === 0 && view.main.lines.some(({ kind }) => kind === 'option');
    if (!view.complete || elsewhere || names.some((name) => view.last(name))) return [];
    return [atSection(view, 'nothing to listen on', { stopsBoot: true })];
  },
};

/** A finding about what is absent, on the header of the section. */
export function atSection({ main }: View, message: string, more: Partial<Hit> = {}): Hit {
  const header =
    main.lines.find((line) => line.kind === 'section' && line.section === 'uwsgi') ?? main.lines[0];
  const { offset, end } = header?.whole ?? { offset: 0, end: 0 };
  return { source: main, offset, end, message, ...more };
}

export const socketActivationReload: Rule = {
  id: 'activation-reload',
  code: 'M3',
  severity: 'warning',
  title: 'a socket passed by systemd, without a reload that keeps it',
  does: 'After SIGHUP uWSGI runs itself anew and no longer knows the socket it was given: 51 of 75 requests failed, and the unit stays "active".',
  mend: 'Reload by the chain (lazy-apps = true, master-fifo, and "c" written to it), or swap two instances on one socket.',
  page: page('Systemd'),
  find: (view) => {
    const protocol = view.last('protocol');
    if (!protocol || !view.complete || [...SOCKETS, ...ROUTERS].some((name) => view.last(name))) return [];
    return view.on('lazy-apps') && view.last('master-fifo')
      ? []
      : [atKey(protocol, 'the socket comes from systemd, and SIGHUP loses it')];
  },
};

export const descriptorTwice: Rule = {
  id: 'descriptor-twice',
  code: 'M4',
  severity: 'warning',
  title: 'a socket by its number while systemd announces it too',
  does: 'With LISTEN_FDS in the environment uWSGI takes the descriptor a second time: 4 of 225 requests failed while instances were swapped.',
  mend: 'Start it by env -u LISTEN_PID -u LISTEN_FDS -u LISTEN_FDNAMES uwsgi …',
  page: page('Systemd'),
  find: (view) =>
    SOCKETS.flatMap((name) => view.all(name))
      .filter(({ value }) => value.startsWith('fd://'))
      .map((setting) =>
        atValue(setting, `${setting.value} is taken twice when LISTEN_FDS is set`, { severity: 'note' }),
      ),
};

export const socketForAll: Rule = {
  id: 'socket-for-all',
  code: 'P6',
  severity: 'warning',
  title: 'a unix socket that everybody may write to',
  does: 'Every user of the machine can send requests, under the uwsgi protocol with any variable in them. chmod-socket without a value means 666.',
  mend: 'Use chmod-socket = 660 and chown-socket = user:www-data.',
  page: page('ThingsToKnow'),
  find: (view) =>
    view
      .all('chmod-socket')
      .filter(({ value }) => value === '' || /[2367]$/.test(value))
      .map((setting) => atKey(setting, `chmod-socket = ${setting.raw.text || '666'}`)),
};
