import { describe, expect, test } from 'vitest';
import { compare } from '../../../src/bench/compare/compare.js';
import type { MeasureBlock } from '../../../src/bench/compare/types.js';
import { runLoad } from '../../../src/bench/run-load.js';
import type { LoadResult } from '../../../src/bench/types.js';
import { endpointAt, loadPlan, slotServer } from '../servers.js';

/** A block whose loads have the given speeds, one after the other; the last stays. */
function block(
  label: string,
  speeds: number[],
  calls: string[],
  change: Partial<LoadResult>[] = [],
): MeasureBlock {
  let nth = 0;
  return {
    label,
    warm: async () => void calls.push(`warm ${label}`),
    measure: async () => {
      calls.push(label);
      const speed = speeds[Math.min(nth, speeds.length - 1)] ?? 0;
      return { ...load(speed), ...change[nth++] };
    },
  };
}

function load(requestsPerSecond: number): LoadResult {
  const n = 100;
  return {
    plan: loadPlan(endpointAt(1), { requests: n, concurrency: 10 }),
    sent: n,
    ok: n,
    errors: {},
    makespanMs: (n / requestsPerSecond) * 1000,
    requestsPerSecond,
    latency: null,
    connect: null,
    firstByte: null,
    statuses: { 200: n },
    health: { loopUtilization: 0.1, loopDelayP99Ms: 0, littleRatio: 1, problems: [], warnings: [] },
    staleKeepalive: 0,
    partial: false,
    samples: {
      startMs: new Float64Array(n),
      totalMs: new Float64Array(n).fill(1000 / requestsPerSecond),
      connectMs: new Float64Array(n),
      firstByteMs: new Float64Array(n),
      ok: new Uint8Array(n).fill(1),
    },
  };
}

describe('a comparison', () => {
  test('warms both, then takes turns, and ends when it knows', async () => {
    const calls: string[] = [];
    const result = await compare(block('A', [100, 101, 99], calls), block('B', [200, 203, 199], calls));
    expect(calls.join(' ')).toBe('warm A warm B A B B A B A');
    expect(result).toMatchObject({ verdict: 'PASS', difference: 'faster', redone: 0, partial: false });
    expect(result.confidence).toBeCloseTo(0.99);
    expect(result.latency.a?.n).toBe(300);
  });

  test('is extended by two pairs while nothing is decided, up to the end', async () => {
    const calls: string[] = [];
    const result = await compare(
      block('A', [100, 110, 95, 104], calls),
      block('B', [101, 97, 108, 100], calls),
      {
        pairs: { first: 3, most: 6 },
      },
    );
    expect(result.pairs).toHaveLength(6);
    expect(result.verdict).toBe('INCONCLUSIVE');
    expect(result.confidence).toBeCloseTo(1 - 0.05 / 3);
  });

  test('a block that does not count is measured once more', async () => {
    const busy = { ...load(1).health, problems: ['the load generator was busy 91 % of the time'] };
    const result = await compare(block('A', [100], [], [{ health: busy }]), block('B', [50], []));
    expect(result).toMatchObject({ verdict: 'FAIL', redone: 1 });
  });

  test('twice is too often: INVALID, with the reason', async () => {
    const bad = { errors: { http_5xx: 3 } as const };
    const result = await compare(block('A', [100], []), block('B', [50], [], [bad, bad]));
    expect(result).toMatchObject({ verdict: 'INVALID', pairs: [] });
    expect(result.reasons[0]).toMatch(/^B, measured twice: 3 of 100 requests failed: 3 × failed in the/);
  });

  test('a signal keeps the pairs that are complete', async () => {
    const stop = new AbortController();
    const result = await compare(block('A', [100], []), block('B', [50, 51, 50], []), {
      signal: stop.signal,
      onBlock: ({ label, pair }) => {
        if (label === 'B' && pair === 3) stop.abort();
      },
    });
    expect(result).toMatchObject({ partial: true, verdict: 'FAIL' });
    expect(result.pairs).toHaveLength(2);
  });

  test('against a saved run only the candidate is loaded, and the reader is told', async () => {
    const calls: string[] = [];
    const saved = { label: 'FILE.json', requestsPerSecond: [100], latency: null };
    const result = await compare(saved, block('now', [120, 121, 119], calls));
    expect(calls.join(' ')).toBe('warm now now now now');
    expect(result).toMatchObject({ verdict: 'PASS', order: 'BBB', latency: { a: null } });
    expect(result.reasons.at(-1)).toMatch(/^The base is a saved run/);
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('a ratio of %f is refused', async (theta) => {
    const side = block('A', [1], []);
    await expect(compare(side, side, { theta })).rejects.toMatchObject({ code: 'DK_USAGE' });
  });

  test.each([
    [1, 3],
    [3, 2],
    [3, 51],
    [2.5, 4],
  ])('%f to %f pairs are refused', async (first, most) => {
    const side = block('A', [1], []);
    await expect(compare(side, side, { pairs: { first, most } })).rejects.toMatchObject({ code: 'DK_USAGE' });
  });

  test('a real server against itself', { timeout: 60_000 }, async () => {
    const { endpoint } = await slotServer(4, 8);
    const plan = loadPlan(endpoint, { requests: 120, concurrency: 8 });
    const side = (label: string): MeasureBlock => ({
      label,
      warm: async () => void (await runLoad({ ...plan, requests: 16 })),
      measure: () => runLoad(plan),
    });
    const result = await compare(side('one'), side('the same'), { pairs: { first: 3, most: 3 } });
    // How it ends is a matter of what else the machine does; that it is a comparison is not.
    if (result.verdict === 'INVALID') return expect(result.reasons[0]).toMatch(/measured twice/);
    expect(result.pairs).toHaveLength(3);
    expect(result.low).toBeLessThanOrEqual(result.ratio ?? 0);
    expect(result.ratio).toBeGreaterThan(0.5);
    expect(result.ratio).toBeLessThan(2);
  });
});
