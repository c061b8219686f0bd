import { describe, expect, test } from 'vitest';
import { bench } from '../../src/bench/bench.js';
import { openLoopFindings, openLoopWords } from '../../src/bench/open-loop-words.js';
import { runLoad } from '../../src/bench/run-load.js';
import type { Claim, LoadPlan, OpenLoopResult } from '../../src/bench/types.js';
import { loadPlan, rawServer, slotServer } from './servers.js';

const CLAIM: Claim = { topology: 'gevent', processes: 1, perProcess: 100, slots: 100, listen: 511 };
const HEALTH = { loopUtilization: 0.1, loopDelayP99Ms: 1, littleRatio: null, problems: [], warnings: [] };
const OPEN: Partial<LoadPlan> = { mode: 'open', requests: null, rate: 100, durationMs: 500, concurrency: 50 };

describe.concurrent('arrivals', () => {
  test.each([false, true])('every one is sent when it is due (kept connections: %s)', async (keepAlive) => {
    const { endpoint, arrived } = await slotServer(100, 20);
    const result = await runLoad(loadPlan(endpoint, { ...OPEN, keepAlive }));
    expect(result).toMatchObject({ sent: 50, ok: 50, errors: {}, arrivals: { due: 50, dropped: 0 } });
    expect(arrived()).toBe(50);
    expect(result.samples.intendedMs?.[49]).toBeCloseTo(490 + (result.samples.intendedMs?.[0] ?? 0), 3);
    if (keepAlive) expect(result.connect?.n).toBeLessThan(40);
    expect(result.health.littleRatio).toBeNull();
  });

  test('one that finds no connection waits, and its wait is counted', async () => {
    const { endpoint } = await slotServer(100, 100);
    const result = await runLoad(loadPlan(endpoint, { ...OPEN, concurrency: 5 }));
    expect(result).toMatchObject({ sent: 50, ok: 50 });
    const { startMs, intendedMs } = result.samples;
    // 5 connections serve 50 a second, 100 are due: at the end half a second is missing.
    expect((startMs[49] ?? 0) - (intendedMs?.[49] ?? 0)).toBeGreaterThan(350);
  });

  test('one that has waited as long as a request may take is dropped', async () => {
    const endpoint = await rawServer(() => undefined);
    const result = await runLoad(loadPlan(endpoint, { ...OPEN, concurrency: 2, timeoutMs: 200 }));
    expect(result.arrivals?.due).toBe(50);
    expect(result.sent + (result.arrivals?.dropped ?? 0)).toBe(50);
    expect(result.arrivals?.dropped).toBeGreaterThan(20);
    const { timeout_response: late = 0, aborted_at_deadline: cut = 0 } = result.errors;
    expect(late + cut).toBe(result.sent);
    expect(late).toBeGreaterThan(0);
  });

  test('several engine threads together keep the rate', async () => {
    const { endpoint } = await slotServer(100, 10);
    const result = await runLoad(loadPlan(endpoint, { ...OPEN, rate: 200 }), { workers: 2 });
    expect(result).toMatchObject({ sent: 100, ok: 100, arrivals: { due: 100, dropped: 0 } });
    const starts = [...result.samples.startMs];
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
  });

  test.each<[Partial<LoadPlan>, RegExp]>([
    [{ rate: 0 }, /rate in requests\/s is 0/],
    [{ durationMs: null, requests: 5 }, /open loop needs a duration/],
    [{ rate: 50_000, durationMs: 60_000 }, /rate times duration/],
  ])('%o is refused', async (change, message) => {
    const endpoint = await rawServer('');
    await expect(runLoad(loadPlan(endpoint, { ...OPEN, ...change }))).rejects.toThrow(message);
  });
});

describe.concurrent('the bench', () => {
  test('a server that does not keep up fails, whoever waits for it', { timeout: 30_000 }, async () => {
    const { endpoint } = await slotServer(2, 50);
    const options = { endpoint, path: '/', claim: CLAIM, wave: false, rate: 100, durationMs: 1_500 };
    const result = await bench(options);
    expect(result).toMatchObject({ verdict: 'FAIL', throughput: null });
    expect(result.openLoop?.achieved).toBeLessThan(55);
    expect(result.reasons[0]).toMatch(/does not keep up with 100 requests\/s/);
    expect(result.openLoop?.latency?.p90).toBeGreaterThan(1_000);
  });

  test.each([
    [{ rate: 10, sweep: true }, /closed loop and has no rate/],
    [{ sweep: true, soakMs: 1000 }, /different loads/],
    [{ sweep: true, requests: 10 }, /ends by time/],
    [{ soakMs: 7_000_000 }, /at most 100 minutes/],
    [{ workers: 99 }, /engine threads/],
  ])('%o is refused before anything is sent', async (change, message) => {
    const endpoint = await rawServer('');
    await expect(bench({ endpoint, path: '/', claim: CLAIM, ...change })).rejects.toThrow(message);
  });
});

describe('words', () => {
  const latency = { n: 3000, min: 5, mean: 40, p50: 5, p90: 200, p99: 380, max: 400 };
  const result: OpenLoopResult = {
    rate: 300,
    achieved: 300,
    durationMs: 10_000,
    sent: 3000,
    dropped: 0,
    latency,
    service: latency,
    errors: {},
    health: HEALTH,
    closedLoopP99Ms: 6,
  };

  test('what a closed loop hides', () => {
    expect(openLoopWords(result)).toMatch(
      /p99 is 380 ms from the intended start\. A closed loop .* 6\.0 ms: it sends/,
    );
    expect(openLoopWords({ ...result, closedLoopP99Ms: 300 })).toBe('p99 is 380 ms from the intended start.');
  });

  test('too few answers, and none', () => {
    expect(openLoopWords({ ...result, latency: { ...latency, p99: null } })).toMatch(/too few for a p99/);
    expect(openLoopWords({ ...result, latency: null })).toBe('No good answer came.');
  });

  test('a generator that fell behind makes it INVALID, dropped arrivals FAIL', () => {
    const behind = { ...result, health: { ...HEALTH, problems: ['the load generator fell behind'] } };
    expect(openLoopFindings(behind)[0]?.verdict).toBe('INVALID');
    const lost = openLoopFindings({ ...result, dropped: 500 });
    expect(lost[0]).toMatchObject({
      verdict: 'FAIL',
      text: expect.stringMatching(/500 arrivals found no free/),
    });
    expect(openLoopFindings(result)).toMatchObject([{ verdict: 'PASS' }]);
  });
});
