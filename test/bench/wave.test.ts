import { describe, expect, test } from 'vitest';
import type { Target } from '../../src/bench/target.js';
import type { Claim } from '../../src/bench/types.js';
import { waveTest } from '../../src/bench/wave.js';
import type { Endpoint } from '../../src/endpoint.js';
import { slotServer } from './servers.js';

const S0_MS = 400;
const LONG = 60_000;

function gevent(processes: number, perProcess: number): Claim {
  return { topology: 'gevent', processes, perProcess, slots: processes * perProcess, listen: 511 };
}

function target(endpoint: Endpoint, signal?: AbortSignal): Target {
  return { endpoint, path: '/', method: 'GET', headers: {}, timeoutMs: 30_000, signal };
}

function run(endpoint: Endpoint, claim: Claim, repeats = 2) {
  return waveTest({ target: target(endpoint), claim, on: 'user-path', why: 'test', repeats });
}

describe.concurrent('a server with the slots it claims', () => {
  test.each([
    [gevent(1, 5), 7, [5, 2]],
    [gevent(2, 10), 22, [20, 2]],
    [{ topology: 'sync', processes: 1, perProcess: 1, slots: 1, listen: 100 } as Claim, 3, [1, 1, 1]],
    [{ topology: 'threads', processes: 2, perProcess: 4, slots: 8, listen: 100 } as Claim, 10, [8, 2]],
  ])('%o', { timeout: LONG }, async (claim, sent, waves) => {
    const { endpoint } = await slotServer(claim.slots, S0_MS);
    const result = await run(endpoint, claim);
    expect(result).toMatchObject({ verdict: 'PASS', sent, waves, effectiveConcurrency: claim.slots });
    expect(result.s0Ms).toBeGreaterThanOrEqual(S0_MS - 2);
    expect(result.explanation).toMatch(/runs agree/);
  });
});

test('a machine on which a sleep takes four times as long proves nothing, and is not loaded', async () => {
  const { endpoint } = await slotServer(5, 10);
  const service = { s0Ms: 20_000, spread: 0.1, calls: 5 };
  const options = { target: target(endpoint), on: 'verification-instance', why: 'test', service } as const;
  const result = await waveTest({ ...options, claim: gevent(1, 5), nominalMs: 5_000 });
  expect(result).toMatchObject({ verdict: 'INVALID', sent: 0, runs: [] });
  expect(result.explanation).toBe(
    'The machine is too busy for the test: a request alone, which sleeps 5,000 ms, took 20,000 ms.',
  );
});

describe.concurrent('a server that has fewer', () => {
  test('blocked hubs: one request a process, found with a few requests and in little time', {
    timeout: LONG,
  }, async () => {
    const { endpoint, arrived } = await slotServer(2, S0_MS);
    const result = await run(endpoint, gevent(2, 100));
    expect(result).toMatchObject({ verdict: 'FAIL', effectiveConcurrency: 2, expectedSlots: 200 });
    expect(result.explanation).toMatch(/hub is blocked: each process serves one request at a time/);
    expect(arrived()).toBeLessThan(40);
  });

  test('a pool of 12', { timeout: LONG }, async () => {
    const { endpoint } = await slotServer(12, S0_MS);
    const result = await run(endpoint, gevent(2, 10));
    expect(result).toMatchObject({ verdict: 'FAIL', effectiveConcurrency: 12 });
    expect(result.explanation).toMatch(/admits 12 at a time \(or 6 in each process\)/);
  });

  test('one of two processes', { timeout: LONG }, async () => {
    const { endpoint } = await slotServer(10, S0_MS);
    const result = await run(endpoint, gevent(2, 10));
    expect(result).toMatchObject({ verdict: 'FAIL', effectiveConcurrency: 10 });
    expect(result.explanation).toMatch(/1 of 2 processes/);
  });
});

test.concurrent('a server that has more than it claims is not what was planned', {
  timeout: LONG,
}, async () => {
  const { endpoint } = await slotServer(1000, S0_MS);
  const result = await run(endpoint, gevent(1, 10));
  expect(result).toMatchObject({ verdict: 'FAIL', waves: [12] });
  expect(result.explanation).toMatch(/more than the 10 slots/);
});

test.concurrent('a signal ends the test', { timeout: LONG }, async () => {
  const { endpoint } = await slotServer(10, S0_MS);
  const controller = new AbortController();
  const options = { claim: gevent(1, 10), on: 'user-path' as const, why: 'test' };
  const running = waveTest({
    ...options,
    target: target(endpoint, controller.signal),
    onRun: () => controller.abort(),
  });
  await expect(running).rejects.toMatchObject({ code: 'DK_INTERRUPTED' });
});
