import { describe, expect, test } from 'vitest';
import { watchBusyCores } from '../../src/bench/busy-cores.js';
import { pilotClients } from '../../src/bench/pilot.js';
import { runLoad } from '../../src/bench/run-load.js';
import { settle } from '../../src/bench/settle.js';
import type { Target } from '../../src/bench/target.js';
import type { Claim } from '../../src/bench/types.js';
import type { Endpoint } from '../../src/endpoint.js';
import { loadPlan, slotServer } from './servers.js';

const CLAIM: Claim = { topology: 'gevent', processes: 2, perProcess: 100, slots: 200, listen: 300 };

function target(endpoint: Endpoint): Target {
  return { endpoint, path: '/', method: 'GET', headers: {}, timeoutMs: 10_000 };
}

describe('clients for a path nobody has proven', () => {
  test.each([
    ['a path that serves two at once gets few', 2, 50, 12],
    ['a path that serves many gets all', 200, 50, 200],
    ['a fast path gets all, without a try', 1, 2, 200],
  ])('%s', async (_, slots, serviceMs, clients) => {
    const { endpoint, arrived } = await slotServer(slots, serviceMs);
    const options = { endpoint, path: '/', claim: CLAIM };
    expect(await pilotClients(options, target(endpoint), serviceMs, 200)).toBe(clients);
    expect(arrived()).toBe(serviceMs < 20 ? 0 : 24);
  });
});

test('settling waits until what was given up is worked off', { timeout: 20_000 }, async () => {
  const { endpoint } = await slotServer(1, 100);
  await runLoad(loadPlan(endpoint, { requests: 8, concurrency: 8, durationMs: 50, drainMs: 0 }));
  const started = performance.now();
  expect(await settle(target(endpoint), 100)).toBe(true);
  expect(performance.now() - started).toBeGreaterThan(600);
});

test('busy cores are never negative, however small the load', async () => {
  const read = await watchBusyCores();
  await runLoad(loadPlan((await slotServer(10, 20)).endpoint, { requests: 50, concurrency: 5 }));
  expect(read()).toBeGreaterThanOrEqual(0);
});
