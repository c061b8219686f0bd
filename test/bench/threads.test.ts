import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_REQUESTS } from '../../src/bench/limits.js';
import { arrivalsOf } from '../../src/bench/open-pace.js';
import { runThreaded, threadsAtHand } from '../../src/bench/run-threaded.js';
import { splitPlan } from '../../src/bench/split-plan.js';
import { endpointAt, loadPlan, rawServer, slotServer } from './servers.js';

const LOCAL = endpointAt(80);
const REMOTE = { ...LOCAL, host: '192.0.2.1' };

describe('engine threads at hand', () => {
  test.each([
    ['a core is left to a server on this machine', LOCAL, 8, { concurrency: 64, requests: null }, 7],
    ['two cores, one of them the server’s', LOCAL, 2, { concurrency: 64, requests: null }, 1],
    ['one core', LOCAL, 1, { concurrency: 64, requests: null }, 1],
    ['a server elsewhere leaves all of them', REMOTE, 8, { concurrency: 64, requests: null }, 8],
    ['bounded', REMOTE, 128, { concurrency: 64, requests: null }, 16],
    ['no more than connections', REMOTE, 8, { concurrency: 3, requests: null }, 3],
    ['no more than requests', REMOTE, 8, { concurrency: 64, requests: 2 }, 2],
    ['no more than arrivals', REMOTE, 8, { mode: 'open', rate: 2, durationMs: 1_000, concurrency: 64 }, 2],
  ] as const)('%s', (_, endpoint, cores, change, threads) => {
    expect(threadsAtHand(loadPlan(endpoint, change), cores)).toBe(threads);
  });
});

describe('the parts of a load', () => {
  const total = (parts: number[]) => parts.reduce((sum, part) => sum + part, 0);
  const whole = (max: number) => fc.integer({ min: 1, max });

  test('are together as many requests and connections as the whole', () => {
    fc.assert(
      fc.property(
        whole(16),
        whole(10_000),
        fc.option(whole(MAX_REQUESTS)),
        (workers, concurrency, requests) => {
          const plan = loadPlan(LOCAL, { concurrency, requests, durationMs: 1_000 });
          const parts = splitPlan(plan, workers);
          expect(total(parts.map((part) => part.concurrency))).toBe(concurrency);
          const sent = total(parts.map((part) => part.requests ?? MAX_REQUESTS));
          expect(sent).toBe(requests ?? MAX_REQUESTS);
          expect(Math.min(...parts.map((part) => part.requests ?? 1))).toBeGreaterThan(0);
        },
      ),
    );
  });

  test('are together as many arrivals as the whole', () => {
    const rates = fc.double({ min: 0.1, max: 100_000, noNaN: true });
    fc.assert(
      fc.property(whole(16), rates, whole(10_000), (workers, rate, durationMs) => {
        const plan = loadPlan(LOCAL, { mode: 'open', rate, durationMs, concurrency: 100, requests: null });
        const parts = splitPlan(plan, workers);
        const arrivals = total(parts.map((part) => arrivalsOf(part.rate ?? 0, durationMs)));
        expect(arrivals).toBe(arrivalsOf(rate, durationMs));
      }),
    );
  });
});

describe('threads chosen by need', () => {
  const CORES = 3;

  test('one is enough for a server that waits, and nothing is sent twice', async () => {
    const { endpoint, arrived } = await slotServer(4, 50);
    const result = await runThreaded(loadPlan(endpoint, { requests: 24, concurrency: 4 }), {}, CORES);
    expect([result.sent, result.health.threads, arrived()]).toEqual([24, undefined, 24]);
  });

  test('more where reading the answers takes all of one', { timeout: 30_000 }, async () => {
    const chunks = '1\r\nx\r\n'.repeat(300_000);
    const body = Buffer.from(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`);
    const endpoint = await rawServer(body);
    const plan = loadPlan(endpoint, { requests: null, durationMs: 1_500, concurrency: 4 });
    const result = await runThreaded(plan, {}, CORES);
    expect(result.health.threads).toBe(2);
    expect(result.ok).toBe(result.sent);
    expect(result.samples.startMs).toEqual(result.samples.startMs.toSorted());
  });

  test('a number that was asked for is kept', async () => {
    const { endpoint, arrived } = await slotServer(4, 20);
    const plan = loadPlan(endpoint, { requests: 24, concurrency: 4 });
    const result = await runThreaded(plan, { workers: 3 }, 1);
    expect([result.sent, result.health.threads, arrived()]).toEqual([24, 3, 24]);
  });
});
