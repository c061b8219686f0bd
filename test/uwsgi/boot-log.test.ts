import fc from 'fast-check';
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

  it('lines of other processes inside a traceback are not part of it', () => {
    const log = [
      'Traceback (most recent call last):',
      'spawned uWSGI worker 2 (pid: 20, cores: 20)',
      '  File "/app/s1.py", line 1, in <module>',
      '    import nowhere',
      "ModuleNotFoundError: No module named 'nowhere'",
      UNABLE,
    ].join('\n');
    const { detail } = readBootFailure(log);
    expect(detail.split('\n')).toHaveLength(4);
    expect(detail).not.toContain('spawned');
  });

  it('of two tracebacks written into each other the whole one is taken', () => {
    const [head, place, end] = [
      'Traceback (most recent call last):',
      '  File "/a.py", line 1, in <module>',
      'KeyError: 1',
    ];
    expect(readBootFailure([head, head, place, end, place, end, UNABLE].join('\n')).detail).toBe(
      [head, place, end].join('\n'),
    );
  });

  it('two equal tracebacks in any order of lines give one', () => {
    const one = [
      'Traceback (most recent call last):',
      '  File "/a.py", line 1, in <module>',
      '    import b',
      'KeyError: 1',
    ];
    const picks = fc.shuffledSubarray([0, 0, 0, 0, 1, 1, 1, 1], { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(picks, (order) => {
        const left = [[...one], [...one]];
        const mixed = order.map((worker) => left[worker]?.shift() ?? '');
        expect(readBootFailure([...mixed, UNABLE, UNABLE].join('\n')).detail).toBe(one.join('\n'));
      }),
    );
  });

  it('a syntax error is shown with its place', () => {
    const lines = ['  File "/app/s1.py", line 3', '    def (', '        ^', 'SyntaxError: invalid syntax'];
    expect(readBootFailure([...lines, UNABLE].join('\n'))).toEqual({
      kind: 'app-import',
      detail: lines.join('\n'),
    });
  });

  it('an application that needs gevent and has none is an import error of its own', () => {
    const log = `Traceback (most recent call last):\n  File "/app/a.py", line 1, in <module>\nModuleNotFoundError: No module named 'gevent'\n${UNABLE}`;
    expect(readBootFailure(log).kind).toBe('app-import');
  });

  it.each([
    ['gevent-missing', "added /app/ to pythonpath.\nModuleNotFoundError: No module named 'gevent'"],
    ['gevent-missing', '[strict-mode] unknown config directive: gevent'],
    ['unknown-option', '[strict-mode] unknown config directive: foo'],
    [
      'port-taken',
      'probably another instance of uWSGI is running on the same address (127.0.0.1:8011).\nbind(): Address already in use [core/socket.c line 769]',
    ],
    ['app-callable', `running "unix_signal:15" (master-start)...\n${UNABLE}`],
    [
      'app-callable',
      `${UNABLE}\nTraceback (most recent call last):\n  File "/app/s1.py", line 2, in <module>\nKeyboardInterrupt\n${UNABLE}`,
    ],
    ['app-import', `ModuleNotFoundError: No module named 'nope'\n${UNABLE}`],
    ['gevent-broken', 'ImportError: /x/_ssl.cpython-311.so: undefined symbol: PyExc_Foo'],
    ['listen-too-long', 'Listen queue size is greater than the system max net.core.somaxconn (128).'],
    ['other', 'something else'],
  ])('%s', (kind, log) => {
    expect(readBootFailure(log).kind).toBe(kind);
  });
});
