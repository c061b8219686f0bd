interface Reason {
  why: string;
  instead: string;
}

const plan = (key: string): Reason => ({
  why: 'deploykit decides it and checks it against the rest of the plan',
  instead: `Set [server] ${key} instead.`,
});

// Options that the plan owns, and options that break a supervised or async server. Sources: uWSGI 2.0.31,
// core/uwsgi.c, core/init.c, plugins/gevent/gevent.c.
const RESERVED: Record<string, Reason> = {
  processes: plan('processes'),
  workers: plan('processes'),
  p: plan('processes'),
  threads: plan('threads'),
  gevent: plan('async'),
  async: plan('async'),
  'gevent-monkey-patch': {
    why: 'it patches after the app was imported, when names are already bound to the blocking functions',
    instead: 'Leave it out: with async, deploykit sets gevent-early-monkey-patch.',
  },
  listen: plan('listen'),
  'buffer-size': plan('buffer_size'),
  'max-requests': plan('max_requests'),
  'max-requests-delta': plan('max_requests'),
  harakiri: plan('request_timeout'),
  'worker-reload-mercy': plan('graceful_timeout'),
  'http-socket': plan('bind and port'),
  http: {
    why: 'the http router is one more process in the way, and closes the port at every reload',
    instead: 'Leave it out: deploykit uses http-socket.',
  },
  'http11-socket': {
    why: 'idle keep-alive connections hold a slot each, and block the gevent hub',
    instead: 'Leave it out, and put nginx in front for keep-alive.',
  },
  daemonize: {
    why: 'a server that leaves its supervisor is taken for dead',
    instead: 'Leave it out: deploykit runs the server in the background itself.',
  },
  daemonize2: {
    why: 'a server that leaves its supervisor is taken for dead',
    instead: 'Leave it out: deploykit runs the server in the background itself.',
  },
  'die-on-term': {
    why: 'it makes SIGTERM drop the requests in flight',
    instead: 'Leave it out: deploykit sets the graceful SIGTERM hook.',
  },
  stats: {
    why: 'it is unauthenticated and shows the headers of running requests; deploykit keeps it on a private socket',
    instead: 'Read it with `deploykit status --json`.',
  },
  'stats-server': { why: 'it is the same as stats', instead: 'Read it with `deploykit status --json`.' },
  'master-fifo': {
    why: 'deploykit tells the master through its own what to do',
    instead: 'Leave it out: deploykit reload replaces the workers.',
  },
  version: { why: 'uWSGI prints its version and exits', instead: 'Leave it out.' },
  help: { why: 'uWSGI prints its help and exits', instead: 'Leave it out.' },
  ini: {
    why: 'options of a second file escape every check',
    instead: 'Write its options under [server.uwsgi].',
  },
  uid: { why: 'the server already runs as a user without rights', instead: 'Leave it out.' },
  gid: { why: 'the server already runs as a user without rights', instead: 'Leave it out.' },
};

/** Why an option may not be set by hand and what to do instead, or undefined when it may. */
export function reservedReason(option: string): Reason | undefined {
  return Object.hasOwn(RESERVED, option) ? RESERVED[option] : undefined;
}
