import { expect, test } from 'vitest';
import { benchJson } from '../../src/report/json.js';
import { style } from '../../src/report/style.js';
import { benchText } from '../../src/report/text.js';
import { waveBars } from '../../src/report/wave-bars.js';
import { wrap } from '../../src/report/wrap.js';
import { BLOCKED, PASSED } from './fixture.js';

const PLAIN = { color: false, width: 80 };

test('a page of a good run', () => {
  expect(benchText(PASSED, PLAIN)).toMatchInlineSnapshot(`
    "PASS  200 requests were in service at once and the other 20 had to wait: exactly
          2 processes × 100 greenlets (3 of 3 runs agree).

          4.97 requests/s at 5 clients: 100 % of the 4.99 the slots allow.

    Concurrency  220 requests at once, 1,002 ms each: /
      wave 1  ████████████████████████████████████████████████████████████ 200
      wave 2  ██████ 20
      asked for   200 slots = 2 processes × 100 greenlets
      measured    200 in service at once
      runs        3, all alike

    Throughput  10 requests, 5 at a time, a new connection each; unloaded 1,002 ms
      measured    4.97 requests/s
      ideal       4.99 requests/s if only slots counted; reached 100 %
      ab          ab >= 2.4.33 would print 3.31 (it sends its first request alone)
      latency     min 1,002 ms · mean 1,004 ms · max 1,006 ms (n = 10: too small for
                  percentiles)
      generator   at ease: busy 1 %, late 0.80 ms (p99)

    Path  http://127.0.0.1:8000/
      Straight to uWSGI on this machine: nothing stands between."
  `);
});

test('a page of a bad run', () => {
  expect(benchText(BLOCKED, PLAIN)).toMatchInlineSnapshot(`
    "FAIL  Of 8 simultaneous requests only 2 were in service at once, where 8 were
          expected. The hub is blocked.

    Concurrency  8 requests at once, 1,002 ms each: /
      wave 1      ████████████████ 2
      wave 2      ████████████████ 2
      wave 3      ████████████████ 2
      not served  ░░░░░░░░░░░░░░░░ 2
      asked for   200 slots = 2 processes × 100 greenlets
      measured    2 in service at once
      runs        [2 + 2 + 2] [2 + 2 + 1]

    Throughput  1,200 requests, 5 at a time, a new connection each; unloaded
                1,002 ms
      measured    4.97 requests/s
      ideal       4.99 requests/s if only slots counted; reached 100 %
      ab          ab >= 2.4.33 would print 3.31 (it sends its first request alone)
      latency     min 1,004 ms · mean 2,102 ms · p50 1,990 ms · p90 2,700 ms ·
                  p99 2,980 ms · max 3,003 ms
      errors      12 × no byte of an answer in time
      generator   was the limit: busy 91 %, late 12.4 ms (p99)

    Path  http://127.0.0.1:8000/
      Straight to uWSGI on this machine: nothing stands between."
  `);
});

test('without a wave test and without throughput', () => {
  const reasons = ['No wave test: the path answers in 2 ms.'];
  const result = { ...PASSED, wave: null, throughput: null, verdict: 'INCONCLUSIVE' as const, reasons };
  expect(benchText(result, PLAIN)).toMatchInlineSnapshot(`
    "INCONCLUSIVE  No wave test: the path answers in 2 ms.

    Concurrency  not measured
      asked for   200 slots = 2 processes × 100 greenlets

    Path  http://127.0.0.1:8000/
      Straight to uWSGI on this machine: nothing stands between."
  `);
});

test.each([40, 60, 80, 200])(
  'lines stay within 80 columns and within a width of %i where that is possible',
  (width) => {
    for (const result of [PASSED, BLOCKED]) {
      const lines = benchText(result, { color: false, width }).split('\n');
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(
        Math.max(48, Math.min(width, 80)),
      );
      expect(lines.filter((line) => line !== line.trimEnd())).toEqual([]);
    }
  },
);

test('colour adds escape sequences and changes nothing else', () => {
  const coloured = benchText(PASSED, { color: true, width: 80 });
  expect(coloured).toContain('\u001b[32m');
  expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(benchText(PASSED, PLAIN));
});

test('bars are shares of what was sent; few are never invisible and none is no bar', () => {
  expect(waveBars({ sent: 1000, waves: [990, 0, 1] }, 40, style(false))).toMatchInlineSnapshot(`
    [
      "wave 1      ████████████████████████ 990",
      "wave 2      0",
      "wave 3      █ 1",
      "not served  ░ 9",
    ]
  `);
});

test('many waves are drawn together', () => {
  const lines = waveBars({ sent: 10, waves: [1, 1, 1, 1, 1, 1] }, 40, style(false));
  expect(lines.map((line) => line.replace(/ +[█░]+ /, ' '))).toEqual([
    'wave 1 1',
    'wave 2 1',
    'wave 3 1',
    'wave 4 1',
    'later 2',
    'not served 4',
  ]);
});

test.each([
  ['a b c', 3, ['a b', 'c']],
  ['takes 12 ms', 9, ['takes', '12 ms']],
  ['reached 99 %', 11, ['reached', '99 %']],
  ['a verylongword b', 4, ['a', 'verylongword', 'b']],
  ['', 4, []],
])('wrap %j at %i', (text, width, lines) => {
  expect(wrap(text, width)).toEqual(lines);
});

test('JSON holds no NaN', () => {
  const result = { ...PASSED, s0Ms: Number.NaN };
  expect(benchJson(result)).toMatchObject({ s0Ms: null, claim: PASSED.claim, reasons: PASSED.reasons });
});
