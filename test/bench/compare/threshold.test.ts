import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareRuns } from '../../../src/bench/compare/compare-runs.js';
import { expectationsVerdict, judgeExpectations } from '../../../src/bench/threshold-judge.js';
import { parseExpectation } from '../../../src/bench/threshold-parse.js';
import type { BenchResult, OpenLoopResult, ThroughputResult, WaveResult } from '../../../src/bench/types.js';
import { DeploykitError } from '../../../src/errors.js';
import { projectSchema } from '../../../src/project/schema.js';
import { BLOCKED, PASSED } from '../../report/fixture.js';
import { FULL } from '../../report/html/fixture.js';

const judge = (result: Parameters<typeof judgeExpectations>[0], ...texts: string[]) =>
  judgeExpectations(result, texts.map(parseExpectation));

test('the project file takes exactly what is read, in lower case', () => {
  const pick = (...texts: string[]) => fc.constantFrom(...texts);
  const rule = fc
    .tuple(
      pick('', ' '),
      pick('min', 'p50', 'p99', 'slots', 'ratio', 'rps', 'errors', 'efficiency', 'p95', '', 'foo'),
      pick('', ' '),
      pick('<', '<=', '=', '==', '>=', '>', '=>', '', '!='),
      pick('', ' '),
      pick('1', '0.5', '.5', '250', '', '1.', '-1', '1e3', 'x'),
      pick('', ' '),
      pick('', 'ms', 's', 'us', 'µs', '%', 'x', '×', '/s', 'MS', 'ms '),
    )
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(rule, (text) => {
      let read = true;
      try {
        parseExpectation(text);
      } catch {
        read = false;
      }
      expect([text, projectSchema.safeParse({ bench: { expect: [text] } }).success]).toEqual([text, read]);
    }),
    { numRuns: 2000 },
  );
});

describe('an expectation is read', () => {
  test.each([
    ['p99<250ms', { metric: 'p99', comparator: '<', value: 250, unit: 'ms' }],
    ['P50 <= 1.5 s', { metric: 'p50', comparator: '<=', value: 1500, unit: 'ms' }],
    ['mean<800us', { metric: 'mean', comparator: '<', value: 0.8, unit: 'ms' }],
    ['slots=200', { metric: 'slots', comparator: '=', value: 200, unit: 'count' }],
    ['slots==200', { metric: 'slots', comparator: '=', value: 200, unit: 'count' }],
    ['ratio>=4', { metric: 'ratio', comparator: '>=', value: 4, unit: 'times' }],
    ['ratio > 1.5x', { metric: 'ratio', comparator: '>', value: 1.5, unit: 'times' }],
    ['rps>=100', { metric: 'rps', comparator: '>=', value: 100, unit: 'requests/s' }],
    ['errors<0.1%', { metric: 'errors', comparator: '<', value: 0.001, unit: 'share' }],
    ['errors=0', { metric: 'errors', comparator: '=', value: 0, unit: 'count' }],
    ['efficiency>=90 %', { metric: 'efficiency', comparator: '>=', value: 0.9, unit: 'share' }],
  ])('%s', (text, expected) => {
    const { value, ...rest } = parseExpectation(text);
    const { value: expectedValue, ...expectedRest } = expected;
    expect(value).toBeCloseTo(expectedValue, 12);
    expect(rest).toEqual({ ...expectedRest, text });
  });

  test.each([
    ['slot=200', 'Did you mean slots?'],
    ['p9<1ms', 'Did you mean p90?'],
    ['constructor>1', 'Known: min, mean'],
    ['p99<250', 'p99 is given with us or µs or ms or s.'],
    ['slots=200ms', 'slots is given with no unit.'],
    ['rps', "For example 'p99<250ms'"],
    ['p99<', "For example 'p99<250ms'"],
    ['slots=-1', "For example 'p99<250ms'"],
    ['', "For example 'p99<250ms'"],
  ])('%s is refused, with a hint', (text, hint) => {
    expect(() => parseExpectation(text)).toThrow(
      expect.objectContaining({ code: 'DK_USAGE', details: { hint: expect.stringContaining(hint) } }),
    );
  });

  test('any text is read or refused', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^[a-z]{1,5}[<>=]{1,2}[0-9.]{1,4}[a-z%]{0,2}$/)),
        (text) => {
          try {
            expect(Number.isFinite(parseExpectation(text).value)).toBe(true);
          } catch (error) {
            expect(error).toBeInstanceOf(DeploykitError);
          }
        },
      ),
    );
  });
});

describe('an expectation is judged', () => {
  test('met and broken, with what was measured', () => {
    const rows = judge(PASSED, 'slots=200', 'rps>=5', 'max<2s', 'errors<0.1%', 'efficiency>90%');
    expect(rows).toEqual([
      { text: 'slots=200', measured: '200', ok: true },
      { text: 'rps>=5', measured: '4.97 requests/s', ok: false },
      { text: 'max<2s', measured: '1006 ms', ok: true },
      { text: 'errors<0.1%', measured: '0 of 10, 0 %', ok: true },
      { text: 'efficiency>90%', measured: '99.6 %', ok: true },
    ]);
    expect(expectationsVerdict(rows)).toBe('FAIL');
    expect(expectationsVerdict(rows.filter(({ ok }) => ok))).toBe('PASS');
    expect(expectationsVerdict([])).toBe('PASS');
  });

  test('a percentile of too few answers cannot be decided', () => {
    const rows = judge(PASSED, 'p99<2s', 'p50<2s', 'ratio>=4');
    expect(rows.map(({ ok, measured }) => [ok, measured])).toEqual([
      [null, 'only 10 answers, and p99 needs 1000'],
      [null, 'only 10 answers, and p50 needs 20'],
      [null, 'nothing was compared'],
    ]);
    expect(expectationsVerdict(rows)).toBe('INCONCLUSIVE');
  });

  test('what the generator limited is no value, but errors count', () => {
    expect(judge(BLOCKED, 'rps>1', 'p99<5s', 'errors<0.1%').map(({ ok }) => ok)).toEqual([null, null, false]);
  });

  test('an inconclusive wave is a lower bound', () => {
    const wave = { ...(PASSED.wave as WaveResult), verdict: 'INCONCLUSIVE' as const };
    const rows = judge(
      { ...PASSED, wave },
      'slots>=100',
      'slots=200',
      'slots=100',
      'slots<150',
      'slots>=300',
    );
    expect(rows.map(({ ok }) => ok)).toEqual([true, null, false, false, null]);
  });

  test('what was not measured', () => {
    const nothing: BenchResult = { ...PASSED, wave: null, throughput: null };
    expect(judge(nothing, 'slots=1', 'rps>1', 'p50<1s').every(({ ok }) => ok === null)).toBe(true);
    const silent = { ...(PASSED.throughput as ThroughputResult), latency: null };
    expect(judge({ ...PASSED, throughput: silent }, 'p50<1s')[0]?.measured).toBe('no good answer');
  });

  test('the interval of a run by duration decides only outside itself', () => {
    const steady = {
      dropped: 0,
      steady: true,
      requestsPerSecond: 100,
      halfWidth: 5,
      latency: null,
      text: '',
    };
    const throughput = { ...(PASSED.throughput as ThroughputResult), requestsPerSecond: 100, steady };
    const rows = judge({ ...PASSED, throughput }, 'rps>=90', 'rps>=98', 'rps>=110');
    expect(rows.map(({ ok }) => ok)).toEqual([true, null, false]);
    expect(rows[0]?.measured).toBe('100 ± 5 requests/s');
  });

  test('arrivals at a fixed rate come before the closed loop', () => {
    const openLoop = FULL.openLoop as OpenLoopResult;
    const rows = judge(
      { ...PASSED, openLoop },
      'p99<3s',
      'rps>=139',
      'errors<1%',
      'errors=0',
      'efficiency>50%',
    );
    expect(rows.map(({ ok }) => ok)).toEqual([true, true, true, false, null]);
    expect(rows[2]?.measured).toBe('3 of 4203, 0.0714 %');
  });

  test('a comparison: by its interval', () => {
    const labels = { a: 'sync', b: 'gevent' };
    const pairs = [4.2, 4.3, 4.25, 4.1].map((b) => ({ a: 1, b, order: 'AB' as const }));
    const rows = judge(
      compareRuns(pairs, { labels }),
      'ratio>=4',
      'ratio>=5',
      'ratio>=4.2',
      'rps>4',
      'slots=4',
      'p50<1s',
    );
    expect(rows.map(({ ok }) => ok)).toEqual([true, false, null, true, null, null]);
    expect(rows[0]?.measured).toBe('4.21 (4.08 to 4.35)');
    const invalid = compareRuns(pairs, { labels, invalid: ['busy'] });
    expect(judge(invalid, 'ratio>=4')[0]).toMatchObject({
      ok: null,
      measured: 'the comparison does not count',
    });
  });
});
