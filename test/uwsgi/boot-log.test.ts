import { describe, expect, it } from 'vitest';
import { readBootFailure } from '../../src/uwsgi/boot-log.js';

const UNABLE = "unable to load app 0 (mountpoint='') (callable not found or import error)";

describe('the boot log of uWSGI 2.0.31', () => {
  it('import error: the whole traceback, once', () => {
    const traceback = [
      'Traceback (most recent call last):',
      '  File "/app/bad.py", line 1, in <module>',
      '    import foo_missing',
      "ModuleNotFoundError: No module named 'foo_missing'",
    ];
    const log = ['spawned uWSGI worker 1', ...traceback, UNABLE, ...traceback, UNABLE].join('\n');
    expect(readBootFailure(log)).toEqual({ kind: 'app-import', detail: traceback.join('\n') });
  });

  it('chained exceptions belong together', () => {
    const chained = [
      'Traceback (most recent call last):',
      '  File "/app/a.py", line 2, in f',
      'KeyError: 1',
      '',
      'During handling of the above exception, another exception occurred:',
      '',
      'Traceback (most recent call last):',
      '  File "/app/a.py", line 4, in <module>',
      'ValueError: no',
    ].join('\n');
    expect(readBootFailure(`x\n${chained}\n${UNABLE}\n`)).toEqual({ kind: 'app-import', detail: chained });
  });

  it('an application that needs gevent and has none is an import error of its own', () => {
    const log = `Traceback (most recent call last):\n  File "/app/a.py", line 1, in <module>\nModuleNotFoundError: No module named 'gevent'\n${UNABLE}`;
    expect(readBootFailure(log).kind).toBe('app-import');
  });

  it.each([
    ['gevent-missing', "added /app/ to pythonpath.\nModuleNotFoundError: No module named 'gevent'"],
    ['gevent-missing', '[strict-mode] unknown config directive: gevent'],
    ['unknown-option', '[strict-mode] unknown config directive: foo'],
    ['port-taken', 'probably another instance of uWSGI is running on the same address (127.0.0.1:8011).\nbind(): Address already in use [core/socket.c line 769]'],
    ['app-callable', `running "unix_signal:15" (master-start)...\n${UNABLE}`],
    ['app-import', `ModuleNotFoundError: No module named 'nope'\n${UNABLE}`],
    ['gevent-broken', 'ImportError: /x/_ssl.cpython-311.so: undefined symbol: PyExc_Foo'],
    ['listen-too-long', 'Listen queue size is greater than the system max net.core.somaxconn (128).'],
    ['other', 'something else'],
  ])('%s', (kind, log) => {
    expect(readBootFailure(log).kind).toBe(kind);
  });
});
