import { expect, test } from 'vitest';
import { compareRuns } from '../../src/bench/compare/compare-runs.js';
import { sideOf } from '../../src/bench/compare/side.js';
import type { ComparedSide } from '../../src/bench/compare/types.js';
import type { Claim } from '../../src/bench/types.js';
import { sidesText } from '../../src/report/sides-text.js';
import { PASSED } from './fixture.js';

const LATENCY = { n: 1_100, min: 1_002, mean: 1_006, p50: 1_005, p90: 1_009, p99: 1_016, max: 1_020 };
const FEW = { ...LATENCY, n: 12, p50: null, p90: null, p99: null };

function side(
  label: string,
  topology: Claim['topology'],
  perProcess: number,
  answered: number,
): ComparedSide {
  const claim: Claim = { topology, processes: 1, perProcess, slots: perProcess, listen: 210 };
  const wave = PASSED.wave && { ...PASSED.wave, effectiveConcurrency: perProcess };
  return {
    ...sideOf(label, { ...PASSED, claim, wave }),
    crowd: {
      concurrency: 100,
      durationMs: 12_000,
      sent: 100 + answered,
      requestsPerSecond: answered / 12,
      latency: answered < 100 ? FEW : LATENCY,
      errors: {},
    },
    memory: 40 * 1024 ** 2,
  };
}

const SIDES = [
  side('sync', 'sync', 1, 12),
  side('threads', 'threads', 100, 1_200),
  side('gevent', 'gevent', 100, 1_200),
];
const COMPARISONS = [4.97, 1].map((ratio, i) =>
  compareRuns(
    [0.999, 1, 1.001].map((noise) => ({ a: 1, b: ratio * noise, order: 'AB' as const })),
    { labels: { a: SIDES[i]?.label ?? '', b: 'gevent' } },
  ),
);

test('three shapes', () => {
  expect(sidesText(SIDES, COMPARISONS, { color: false, width: 80 })).toMatchInlineSnapshot(`
    "Side by side                     sync     threads      gevent
      slots                         1 × 1     1 × 100     1 × 100
      slots proven                      1         100         100
      requests/s, -n 10 -c 5         4.97        4.97        4.97
      ab would print                 3.31        3.31        3.31
      requests/s, 100 clients        1.00         100         100
      p50                          > 12 s    1,005 ms    1,005 ms
      p99                          > 12 s    1,016 ms    1,016 ms
      memory                     40.0 MiB    40.0 MiB    40.0 MiB
      memory a slot              40.0 MiB    0.40 MiB    0.40 MiB
      gevent serves                4.97 ×      1.00 ×           –
      interval                  4.96…4.98   1.00…1.00           –"
  `);
});

test.each([48, 60, 80, 200])('stay within a width of %i, in blocks where they must', (width) => {
  const many = [...SIDES.slice(0, 2), ...SIDES, side('release 0123456789ab', 'gevent', 100, 1_200)];
  const lines = sidesText(many, COMPARISONS, { color: false, width }).split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(Math.min(width, 80));
  expect(lines.filter((line) => line !== line.trimEnd())).toEqual([]);
});

test('what nobody measured has no row, and a slot that is not proven says so', () => {
  const [sync] = SIDES as [ComparedSide];
  const bare = { ...sync, wave: null, crowd: null, memory: null };
  const failed = {
    ...bare,
    label: 'broken',
    wave: sync.wave && { ...sync.wave, verdict: 'INCONCLUSIVE' as const },
  };
  const text = sidesText([bare, failed], [], { color: false, width: 80 });
  expect(text).toMatch(/slots proven +– +≥ 1/);
  expect(text).not.toMatch(/memory|clients|serves/);
  expect(sidesText([], [], { color: false, width: 80 })).toBe('');
});
