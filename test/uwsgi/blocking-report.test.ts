import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockingFrames } from '../../src/uwsgi/blocking-report.js';

// As gevent 26.9 writes it to uWSGI's log; the list of threads that follows repeats the frames.
function report(...frames: [file: string, line: number, name: string, code: string][]): string {
  const stack = frames.map(
    ([file, line, name, code]) => `  File "${file}", line ${line}, in ${name}\n    ${code}\n`,
  );
  return [
    '2026-11-25T11:27:01Z : Greenlet <Greenlet at 0x7f1a6186ee80: uwsgi_gevent_request(1)> appears to be blocked',
    '    Reported by <gevent._gevent_c_tracer.GreenletTracer object at 0x7f1a6185de40>',
    'Blocked Stack (for thread id 0x7f1a65747440):',
    `${stack.join('')}`,
    'Info:',
    '* Threads',
    'Thread 0x7f1a617d16c0 (None) (CURRENT)',
    '  File "/v/lib/python3.11/site-packages/gevent/_monitor.py", line 206, in __call__',
    '    f(hub)',
    '',
  ].join('\n');
}

const app: [string, number, string, string] = ['/app/shop.py', 6, 'index', 'wait()'];
const driver: [string, number, string, string] = [
  '/opt/venv/lib/python3.11/site-packages/MySQLdb/connections.py',
  254,
  'query',
  '_mysql.connection.query(self, query)',
];

describe('the lines that blocked the hub', () => {
  it("the innermost line of the application's own, and where it waits; most often seen first", () => {
    const other: typeof app = ['/app/shop.py', 20, 'slow', 'libc.usleep(300000)'];
    const log = report(app, other) + report(app, driver) + report(app, driver);
    expect(blockingFrames(log)).toEqual([
      {
        file: '/app/shop.py',
        line: 6,
        function: 'index',
        code: 'wait()',
        within: `${driver[0]}:254 query`,
        reports: 2,
      },
      {
        file: '/app/shop.py',
        line: 20,
        function: 'slow',
        code: 'libc.usleep(300000)',
        within: null,
        reports: 1,
      },
    ]);
  });

  it('a stack of a library alone is named all the same; an import is not meant', () => {
    expect(blockingFrames(report(driver))[0]).toMatchObject({ line: 254, within: null });
    const boot: typeof app = ['<frozen importlib._bootstrap>', 241, '_call_with_frames_removed', ''];
    expect(blockingFrames(report(app, boot, driver))).toEqual([]);
  });

  it('lines of code that are missing or underlined do not end the stack', () => {
    const log = [
      'Blocked Stack (for thread id 0x1):',
      '  File "/app/a.py", line 1, in f',
      '  File "/app/b.py", line 2, in g',
      '    h(x)',
      '    ~^^^',
      '  File "/app/c.py", line 3, in h',
      '    wait()',
      '',
    ].join('\n');
    expect(blockingFrames(log)).toMatchObject([
      { file: '/app/c.py', line: 3, function: 'h', code: 'wait()' },
    ]);
  });

  it('any log is read', () => {
    const piece = fc.constantFrom('Blocked Stack (', '\n', '  File "a", line 1, in f', '    x', '^^^', '"');
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string())), (parts) => {
        for (const { line, reports } of blockingFrames(parts.join('')))
          expect([line, reports]).toEqual([1, reports]);
      }),
    );
  });
});
