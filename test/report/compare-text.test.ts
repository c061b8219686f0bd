import { expect, test } from 'vitest';
import { type CompareRunsOptions, compareRuns } from '../../src/bench/compare/compare-runs.js';
import { pairOrder } from '../../src/bench/compare/order.js';
import { compareText } from '../../src/report/compare-text.js';

const PLAIN = { color: false, width: 80 };
const LABELS = { a: 'threads', b: 'gevent' };

const comparison = (ratios: number[], options: Partial<CompareRunsOptions> = {}) =>
  compareRuns(
    ratios.map((ratio, i) => ({ a: 117, b: 117 * ratio, order: pairOrder(i) })),
    { labels: LABELS, ...options },
  );

const LATENCY = {
  a: { n: 2_000, min: 310, mean: 420, p50: 402, p90: 540, p99: 912, max: 1_300 },
  b: { n: 2_000, min: 210, mean: 260, p50: 244, p90: 330, p99: 610, max: 900 },
};

test('faster than asked for', () => {
  const result = comparison([1.61, 1.7, 1.66, 1.72, 1.64], { theta: 1.5, latency: LATENCY });
  expect(compareText(result, PLAIN)).toMatchInlineSnapshot(`
    "PASS  gevent serves 1.67 × the requests/s of threads (95 % interval 1.61 to
          1.72, 5 pairs): at least the 1.5 × asked for.

    Ratio  gevent / threads, 95 % interval below the pairs
      pair 1 AB  │                                           ┊       ●          1.61
      pair 2 BA  │                                           ┊             ●    1.70
      pair 3 BA  │                                           ┊          ●       1.66
      pair 4 AB  │                                           ┊              ●   1.72
      pair 5 BA  │                                           ┊         ●        1.64
      all pairs  │                                           ┊       ├──◆───┤   1.67
                 1                                     1.5 asked for
      finds       changes of 4.6 % or more, four times of five

    Loads  ABBA BAAB BA, one at a time
      A           threads: 117 requests/s · mean 420 ms · p50 402 ms · p99 912 ms
                  (n = 2000)
      B           gevent: 195 requests/s · mean 260 ms · p50 244 ms · p99 610 ms
                  (n = 2000)"
  `);
});

test('nothing shown', () => {
  const result = comparison([0.95, 1.15, 1, 1.12, 1.05], { redone: 1, partial: true });
  expect(compareText(result, PLAIN)).toMatchInlineSnapshot(`
    "INCONCLUSIVE  gevent serves 1.05 × the requests/s of threads (95 % interval 0.95
                  to 1.16, 5 pairs): no difference is shown.

                  With 5 pairs that scatter so, a change of 14.3 % or more is found
                  four times of five.

                  If the ratio is what it seems, about 22 pairs would decide.

                  Interrupted: only the complete pairs count.

    Ratio  gevent / threads, 95 % interval below the pairs
      pair 1 AB  ●              │                                               0.95
      pair 2 BA                 │                                         ●     1.15
      pair 3 BA                 ●                                               1.00
      pair 4 AB                 │                                 ●             1.12
      pair 5 BA                 │              ●                                1.05
      all pairs   ├────────────────────────────◆────────────────────────────┤   1.05
                                1

    Loads  ABBA BAAB BA, one at a time
      A           threads: 117 requests/s
      B           gevent: 123 requests/s
      again       1 block did not count and was measured again"
  `);
});

test('what does not count has no picture', () => {
  const result = comparison([], {
    invalid: ['gevent, measured twice: the load generator was busy 92 % of the time'],
  });
  expect(compareText(result, PLAIN)).toMatchInlineSnapshot(
    `"INVALID  gevent, measured twice: the load generator was busy 92 % of the time."`,
  );
});

test('a single pair, equal sides', () => {
  expect(compareText(comparison([1]), PLAIN)).toMatch(/pair 1 AB/);
  expect(compareText(comparison([1, 1, 1]), PLAIN)).toMatch(/all pairs +◆/);
});

test.each([200, 80, 60, 48, 10])(
  'at %i columns no line is longer, whatever the ratios and names',
  (width) => {
    const inputs = [
      [1.6, 1.7],
      [0.01, 0.02, 0.015],
      [1, 50, 3],
      [1.0001, 1.0002],
      Array.from({ length: 50 }, (_, i) => 1 + i / 100),
    ];
    for (const ratios of inputs) {
      for (const theta of [1, 0.95, 4, 1000]) {
        const labels = { a: 'release:20260109-1403', b: 'http://127.0.0.1:8001/' };
        const text = compareText(comparison(ratios, { theta, labels, latency: LATENCY }), {
          color: false,
          width,
        });
        const longest = Math.max(...text.split('\n').map((line) => line.length));
        expect(longest).toBeLessThanOrEqual(Math.max(48, Math.min(width, 80)));
      }
    }
  },
);

test('colour changes no letter', () => {
  const result = comparison([1.61, 1.7, 1.66], { theta: 1.5 });
  const coloured = compareText(result, { color: true, width: 80 });
  expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(compareText(result, PLAIN));
  expect(coloured).not.toBe(compareText(result, PLAIN));
});
