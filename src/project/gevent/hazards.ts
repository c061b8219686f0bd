import type { GeventSeverity } from './types.js';

/** A use in the project's own code that matters under gevent. */
export interface Hazard {
  /** Full dotted names; `x.*` is everything in `x`. */
  names: readonly string[];
  kind: 'call' | 'import' | 'coroutine';
  severity: GeventSeverity;
  why: string;
  fix: string;
}

const POOL = 'Run it in gevent’s thread pool: gevent.get_hub().threadpool.apply(function, args).';

/** In the order they are reported for one line. */
export const HAZARDS: readonly Hazard[] = [
  {
    names: ['ctypes.CDLL', 'ctypes.PyDLL', 'ctypes.cdll.LoadLibrary', 'cffi.FFI.dlopen'],
    kind: 'call',
    severity: 'blocking',
    why: 'a function of a C library that waits holds every request of the process',
    fix: POOL,
  },
  {
    names: [
      'asyncio.run',
      'asyncio.new_event_loop',
      'asyncio.get_event_loop',
      'asyncio.Runner',
      'uvloop.run',
    ],
    kind: 'call',
    severity: 'blocking',
    why: 'a thread has one running asyncio loop: a second request that comes meanwhile gets a RuntimeError',
    fix: 'Use a client without asyncio; or serve without --async.',
  },
  {
    names: ['asgiref.sync.async_to_sync'],
    kind: 'call',
    severity: 'blocking',
    why: 'it runs an asyncio loop for the request, and a thread has one at a time',
    fix: 'Write the view without async; or serve without --async.',
  },
  {
    names: ['route'],
    kind: 'coroutine',
    severity: 'blocking',
    why: 'a view that is a coroutine gets an asyncio loop for each request, and a thread has one at a time',
    fix: 'Write the view without async; or serve without --async.',
  },
  {
    names: ['oracledb.init_oracle_client', 'cx_Oracle.init_oracle_client'],
    kind: 'call',
    severity: 'blocking',
    why: 'the thick mode waits for the database in the Oracle client, in C',
    fix: 'Leave the call out: oracledb then works in its thin mode.',
  },
  {
    names: ['uwsgi.lock', 'uwsgidecorators.lock'],
    kind: 'call',
    severity: 'blocking',
    why: 'uWSGI’s lock stops the whole process until it is free',
    fix: 'Use a lock of the database or of Redis, or threading.Lock inside a process.',
  },
  {
    names: ['gevent.monkey.get_original'],
    kind: 'call',
    severity: 'risk',
    why: 'the unpatched function waits for real',
    fix: 'Use the patched one, or run it in gevent’s thread pool.',
  },
  {
    names: [
      'multiprocessing.Process',
      'multiprocessing.Pool',
      'concurrent.futures.ProcessPoolExecutor',
      'os.fork',
    ],
    kind: 'call',
    severity: 'risk',
    why: 'the child is a copy of a worker in the middle of other requests, with its greenlets and sockets',
    fix: 'Give the work to a process of its own (Celery, a mule), or start a program with subprocess.',
  },
  {
    names: ['signal.signal', 'signal.setitimer', 'signal.alarm'],
    kind: 'call',
    severity: 'risk',
    why: 'a handler in a worker replaces uWSGI’s own, by which it reloads and stops',
    fix: 'Use atexit, or uwsgidecorators; for timeouts gevent.Timeout.',
  },
  {
    names: ['sqlite3', 'sqlite3.*', 'dbm', 'shelve'],
    kind: 'import',
    severity: 'risk',
    why: 'a database in a file waits for the disk and for its lock with the whole process',
    fix: 'Fine for reads; for writes use a database server.',
  },
];
