import { describe, expect, test } from 'vitest';
import { compare } from '../../../src/bench/compare/compare.js';
import { compareRuns } from '../../../src/bench/compare/compare-runs.js';
import { unpairedInterval } from '../../../src/bench/compare/unpaired-interval.js';
import { environmentDifferences } from '../../../src/bench/environment.js';
import { normal } from './seeded.js';

const LABELS = { a: 'before.json', b: 'now' };
const runs = (speeds: readonly number[]) => speeds.map((b) => ({ a: 100, b, order: 'B' as const }));

describe('the interval against saved runs', () => {
  test('by hand: one saved run scatters like those of now', () => {
    const interval = unpairedInterval([100], [110, 121, 133.1], 0.95);
    // Logarithms of now: ln 1.1 apart, so their standard deviation is ln 1.1.
    const half = 4.30265 * Math.log(1.1) * Math.sqrt(1 + 1 / 3);
    expect(interval?.ratio).toBeCloseTo(1.21, 9);
    expect(interval?.high).toBeCloseTo(1.21 * Math.exp(half), 3);
  });

  test.each([
    ['one saved run', 1, 5],
    ['three saved runs', 3, 5],
    ['eleven saved runs', 11, 3],
  ])('%s: holds the truth 95 times of 100', (_, saved, now) => {
    const next = normal(7);
    const drawn = (n: number) => Array.from({ length: n }, () => 100 * Math.exp(0.05 * next()));
    const times = 10_000;
    let held = 0;
    for (let i = 0; i < times; i++) {
      const interval = unpairedInterval(drawn(saved), drawn(now), 0.95);
      if (interval && interval.low <= 1 && interval.high >= 1) held++;
    }
    // Welch's approximation holds a little less than it says where one side has very few runs.
    expect(held / times).toBeGreaterThan(0.93);
    expect(held / times).toBeLessThan(0.985);
  });

  test('a run of now, or none saved, has no interval', () => {
    expect(unpairedInterval([100], [100], 0.95)).toBeNull();
    expect(unpairedInterval([], [100, 100], 0.95)).toBeNull();
  });
});

describe('a comparison with a saved run', () => {
  test('is wider than pairs would be, and says that nothing was paired', () => {
    const speeds = [120, 121, 119];
    const saved = compareRuns(runs(speeds), { labels: LABELS, saved: [100] });
    const paired = compareRuns(runs(speeds), { labels: LABELS });
    const width = ({ low, high }: typeof saved) => Math.log((high ?? 0) / (low ?? 0));
    expect(width(saved) / width(paired)).toBeCloseTo(2, 5);
    expect(saved).toMatchObject({ base: 'saved', verdict: 'PASS' });
    expect(saved.reasons[0]).toContain('3 runs against 1 saved, not paired');
  });

  test('from elsewhere decides nothing, whatever is measured, and stops at once', async () => {
    let calls = 0;
    const now = {
      label: 'now',
      warm: async () => undefined,
      measure: async () => {
        calls++;
        throw new Error('stop here');
      },
    };
    await expect(
      compare({ label: 'x', requestsPerSecond: [1], latency: null }, now, { doubts: ['Another CPU.'] }),
    ).rejects.toThrow('stop here');
    expect(calls).toBe(1);
    const result = compareRuns(runs([200, 201, 199]), {
      labels: LABELS,
      saved: [100],
      doubts: ['Another CPU then and now: a and b.'],
    });
    expect(result).toMatchObject({ verdict: 'INCONCLUSIVE', difference: 'faster' });
    expect(result.reasons[0]).toBe('Another CPU then and now: a and b.');
    expect(result.reasons[1]).toMatch(/which decides nothing\.$/);
  });
});

test('environments differ in what matters, not in the date', () => {
  const now = {
    date: '2026-01-01T00:00:00Z',
    machine: 'Linux 6.1, x64',
    cpus: 2,
    cpuModel: 'A',
    memoryBytes: 8e9,
    node: 'v20.19.5',
    target: 'docker',
  };
  expect(environmentDifferences({ ...now, date: '2025-01-01T00:00:00Z' }, now)).toEqual([]);
  expect(environmentDifferences({ ...now, cpus: 4, target: 'process' }, now)).toEqual([
    'Another number of CPUs then and now: 4 and 2.',
    'Another target then and now: process and docker.',
  ]);
});

describe('two that are equally fast', () => {
  const pairs = (ratios: number[]) =>
    ratios.map((ratio) => ({ a: 100, b: 100 * ratio, order: 'AB' as const }));
  test.each([
    [[0.99, 1.01, 1, 1.005, 0.995], 'PASS', 'equally fast, within 5 %'],
    [[0.985, 0.984, 0.986, 0.985, 0.985], 'FAIL', 'slower'],
    [[0.9, 1.1, 1, 1.05, 0.97], 'INCONCLUSIVE', 'no difference is shown'],
  ])('%j: %s', (ratios, verdict, words) => {
    const result = compareRuns(pairs(ratios), { labels: LABELS });
    expect(result.verdict).toBe(verdict);
    expect(result.reasons[0]).toContain(words);
  });

  test('where a ratio above 1 is asked for, equal is not enough', () => {
    const result = compareRuns(pairs([1, 1.001, 0.999]), { labels: LABELS, theta: 1.02 });
    expect(result.verdict).toBe('FAIL');
  });
});
