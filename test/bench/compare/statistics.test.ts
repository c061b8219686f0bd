import { describe, expect, test } from 'vitest';
import { compareRuns } from '../../../src/bench/compare/compare-runs.js';
import { detectableEffect, pairsNeeded } from '../../../src/bench/compare/detectable.js';
import { lookConfidence } from '../../../src/bench/compare/looks.js';
import { orderText, pairOrder } from '../../../src/bench/compare/order.js';
import { ratioInterval } from '../../../src/bench/compare/ratio-interval.js';
import { studentQuantile } from '../../../src/bench/compare/student-t.js';
import { normal, uniform } from './seeded.js';

// Of one run's throughput, as in the table of bench.md §2.
const RUN_CV = 0.05;

describe("Student's t", () => {
  test.each([
    [0.975, 1, 12.706],
    [0.975, 2, 4.303],
    [0.975, 4, 2.776],
    [0.975, 10, 2.228],
    [0.995, 2, 9.925],
    [0.995, 9, 3.25],
    [0.8, 5, 0.92],
    [0.975, 1000, 1.962],
    [0.5, 7, 0],
  ])('quantile %f with %i degrees of freedom, as printed in tables', (p, df, value) => {
    expect(studentQuantile(p, df)).toBeCloseTo(value, 3);
  });
});

describe('the interval of a ratio', () => {
  test('by hand: three pairs', () => {
    const interval = ratioInterval([0.9, 1, 1.1], 0.95);
    const logs = [Math.log(0.9), 0, Math.log(1.1)];
    const mean = logs.reduce((sum, x) => sum + x, 0) / 3;
    const sd = Math.sqrt(logs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 2);
    expect(interval?.ratio).toBeCloseTo(Math.exp(mean), 9);
    expect(interval?.high).toBeCloseTo(Math.exp(mean + (4.30265 * sd) / Math.sqrt(3)), 4);
  });

  test('one pair has no interval', () => {
    expect(ratioInterval([1.2], 0.95)).toBeNull();
  });

  // bench.md §2, "Confidence".
  test.each([
    [3, 0.949, 0.155, 0.732],
    [5, 0.955, 0.082, 0.818],
    [7, 0.955, 0.063, 0.874],
    [10, 0.952, 0.049, 0.908],
  ])('%i pairs: the table of coverages again, by simulation', (pairs, coverage, halfWidth, bootstrap) => {
    const simulated = simulateCoverage(pairs, 10_000);
    expect(Math.abs(simulated.coverage - coverage)).toBeLessThan(0.01);
    expect(Math.abs(simulated.halfWidth - halfWidth)).toBeLessThan(0.01);
    // The table's own simulation was coarser here: 5 pairs give 0.838 with 2,000 resamples too.
    expect(Math.abs(simulated.bootstrap - bootstrap)).toBeLessThan(0.03);
  });
});

describe('what a comparison can find', () => {
  test('A/A 100 times at 95 %: at most 7 call it different', () => {
    const different = countDifferent(100, 5, 1, 1);
    expect(different).toBeLessThanOrEqual(7);
  });

  test('A/A 20,000 times: the error is the 5 % that are stated', () => {
    expect(countDifferent(20_000, 5, 1, 2) / 20_000).toBeCloseTo(0.05, 2);
  });

  test.each([0.02, 0.05, 0.08])(
    'runs that scatter by %f: a slowdown of a tenth is found with the pairs promised',
    (cv) => {
      const sd = cv * Math.SQRT2;
      const pairs = pairsNeeded(Math.log(0.9), sd, 0.95);
      expect(pairs).not.toBeNull();
      const found = countDifferent(2_000, pairs ?? 2, 0.9, 3, cv) / 2_000;
      expect(found).toBeGreaterThan(0.79);
    },
  );

  test('the stated effect is the one that so many pairs find', () => {
    const sd = RUN_CV * Math.SQRT2;
    for (const pairs of [3, 5, 9]) {
      const effect = detectableEffect(sd, pairs, 0.95);
      expect(countDifferent(4_000, pairs, 1 + effect, pairs) / 4_000).toBeGreaterThan(0.79);
      expect(countDifferent(4_000, pairs, 1 + effect / 3, pairs) / 4_000).toBeLessThan(0.5);
    }
  });

  test('no number of pairs finds nothing', () => {
    expect(pairsNeeded(0, 0.05, 0.95)).toBeNull();
  });

  test('extending until something shows does not inflate the error', () => {
    const confidence = lookConfidence({ first: 3, most: 11 });
    expect(confidence).toBeCloseTo(0.99, 12);
    const rate = extendedErrors(4_000, confidence);
    expect(rate).toBeLessThan(0.05);
    // The reason for the rule: at 95 % each, the looks together err far more often.
    expect(extendedErrors(4_000, 0.95)).toBeGreaterThan(0.08);
    expect(lookConfidence({ first: 5, most: 5 })).toBe(0.95);
  });
});

test('the order cancels a linear drift with every fourth pair', () => {
  const orders = Array.from({ length: 8 }, (_, i) => pairOrder(i));
  expect(orderText(orders)).toBe('ABBA BAAB BAAB ABBA');
  expect(orderText(orders.slice(0, 3))).toBe('ABBA BA');
  for (const pairs of [2, 4, 8]) {
    const sequence = orders.slice(0, pairs).join('');
    const places = (side: string) => [...sequence].reduce((sum, s, i) => sum + (s === side ? i : 0), 0);
    expect(places('A')).toBe(places('B'));
  }
});

describe('the verdict of measured pairs', () => {
  const labels = { a: 'sync', b: 'gevent' };
  const pairsOf = (ratios: number[]) =>
    ratios.map((ratio, i) => ({ a: 100, b: 100 * ratio, order: pairOrder(i) }));

  test('faster', () => {
    const result = compareRuns(pairsOf([1.66, 1.67, 1.68]), { labels });
    expect(result).toMatchObject({ verdict: 'PASS', difference: 'faster', order: 'ABBA BA' });
    expect(result.reasons).toEqual([
      'gevent serves 1.67 × the requests/s of sync (95 % interval 1.65 to 1.70, 3 pairs): faster.',
    ]);
  });

  test('less than asked for', () => {
    const result = compareRuns(pairsOf([1.66, 1.67, 1.68]), { labels, theta: 4 });
    expect(result).toMatchObject({ verdict: 'FAIL', difference: 'faster' });
    expect(result.reasons[0]).toMatch(/less than the 4 × asked for\.$/);
  });

  test('undecided: says what would have been found, and how many pairs would decide', () => {
    const result = compareRuns(pairsOf([0.95, 1.15, 1, 1.12, 1.05]), { labels });
    expect(result).toMatchObject({ verdict: 'INCONCLUSIVE', difference: 'not-shown' });
    expect(result.mde).toBeCloseTo(0.143, 3);
    expect(result.reasons).toHaveLength(3);
    expect(result.reasons[1]).toMatch(/^With 5 pairs .* a change of 1\d\.\d % or more is found/);
    expect(result.reasons[2]).toMatch(/about \d+ pairs would decide/);
  });

  test('invalid, and too few', () => {
    const invalid = compareRuns(pairsOf([1, 1]), { labels, invalid: ['The generator was busy'] });
    expect(invalid).toMatchObject({ verdict: 'INVALID', reasons: ['The generator was busy.'] });
    expect(compareRuns([], { labels })).toMatchObject({ verdict: 'INCONCLUSIVE', ratio: null, low: null });
    expect(compareRuns(pairsOf([2]), { labels })).toMatchObject({
      verdict: 'INCONCLUSIVE',
      ratio: 2,
      mde: null,
    });
  });
});

/** How many of `times` comparisons with a true ratio exclude 1. */
function countDifferent(times: number, pairs: number, ratio: number, seed: number, cv = RUN_CV): number {
  const next = normal(seed);
  let different = 0;
  for (let i = 0; i < times; i++) {
    const runs = Array.from({ length: pairs }, (_, k) => ({
      a: 100 * Math.exp(cv * next()),
      b: 100 * ratio * Math.exp(cv * next()),
      order: pairOrder(k),
    }));
    if (compareRuns(runs, { labels: { a: 'a', b: 'b' } }).difference !== 'not-shown') different++;
  }
  return different;
}

/** Share of A/A comparisons that call it different at any look from 3 to 11 pairs. */
function extendedErrors(times: number, confidence: number): number {
  const next = normal(11);
  let wrong = 0;
  for (let i = 0; i < times; i++) {
    const ratios = Array.from({ length: 11 }, () => Math.exp(RUN_CV * Math.SQRT2 * next()));
    const looks = [3, 5, 7, 9, 11].map((n) => ratioInterval(ratios.slice(0, n), confidence));
    if (looks.some((look) => look !== null && (look.low > 1 || look.high < 1))) wrong++;
  }
  return wrong / times;
}

function simulateCoverage(pairs: number, times: number) {
  const [next, pick] = [normal(pairs), uniform(pairs)];
  const sums = { coverage: 0, halfWidth: 0, bootstrap: 0 };
  for (let i = 0; i < times; i++) {
    const ratios = Array.from({ length: pairs }, () => Math.exp(RUN_CV * (next() - next())));
    const interval = ratioInterval(ratios, 0.95);
    if (interval === null) throw new Error('no interval');
    if (interval.low <= 1 && interval.high >= 1) sums.coverage++;
    sums.halfWidth += Math.log(interval.high / interval.ratio);
    if (bootstrapCovers(ratios.map(Math.log), pick)) sums.bootstrap++;
  }
  return {
    coverage: sums.coverage / times,
    halfWidth: sums.halfWidth / times,
    bootstrap: sums.bootstrap / times,
  };
}

/** Whether the percentile bootstrap of the mean covers the true value, 0. */
function bootstrapCovers(logs: number[], pick: () => number): boolean {
  const means = new Float64Array(400);
  for (let i = 0; i < means.length; i++) {
    let sum = 0;
    for (let k = 0; k < logs.length; k++) sum += logs[Math.floor(pick() * logs.length)] ?? 0;
    means[i] = sum;
  }
  means.sort();
  return (means[9] ?? 0) <= 0 && (means[390] ?? 0) >= 0;
}
