import { describe, expect, it } from 'vitest';
import { autoProcesses, planConcurrency } from '../../src/plan/concurrency.js';
import { planHang } from '../../src/plan/hang.js';
import { planListen } from '../../src/plan/listen.js';
import { planTimeouts } from '../../src/plan/timeouts.js';
import { FACTS } from '../helpers/project.js';

const GB = 1024 ** 3;

describe('topology and slots', () => {
  it.each([
    [
      { processes: 2, async: 100 },
      { topology: 'gevent', processes: 2, async: 100, threads: 1, slots: 200 },
    ],
    [
      { processes: 2, threads: 4 },
      { topology: 'threads', processes: 2, async: 0, threads: 4, slots: 8 },
    ],
    [{ processes: 1 }, { topology: 'sync', processes: 1, async: 0, threads: 1, slots: 1 }],
    [
      { processes: 3, threads: 1 },
      { topology: 'sync', processes: 3, async: 0, threads: 1, slots: 3 },
    ],
    [
      { processes: 2, async: 2, threads: 1 },
      { topology: 'gevent', processes: 2, async: 2, threads: 1, slots: 4 },
    ],
  ] as const)('%j', (asked, expected) => {
    expect(planConcurrency(asked, FACTS).concurrency).toEqual(expected);
  });

  it.each([0, 1])('refuses async = %i', (async) => {
    expect(() => planConcurrency({ processes: 1, async }, FACTS)).toThrow(
      expect.objectContaining({ code: 'DK_PLAN_ASYNC_TOO_SMALL' }),
    );
  });

  it('refuses async with threads', () => {
    const asked = { processes: 1, async: 100, threads: 2 } as const;
    expect(() => planConcurrency(asked, FACTS)).toThrow(
      expect.objectContaining({ code: 'DK_PLAN_ASYNC_THREADS' }),
    );
  });
});

describe('processes = auto', () => {
  it.each([
    ['gevent', 2, 8 * GB, 2],
    ['threads', 4, 8 * GB, 4],
    ['sync', 2, 8 * GB, 5],
    ['gevent', 1.5, 8 * GB, 1],
    ['gevent', 0.2, 8 * GB, 1],
    ['sync', 64, 1 * GB, 8],
    ['gevent', 8, 100 * 1024 ** 2, 1],
  ] as const)('%s on %d CPUs and %d bytes: %i', (topology, cpus, memoryBytes, expected) => {
    expect(autoProcesses(topology, { ...FACTS, cpus, memoryBytes })).toBe(expected);
  });
});

describe('listen', () => {
  it.each([
    [1, 4096, 128],
    [200, 4096, 400],
    [10_000, 65_535, 4096],
    [200, 128, 128],
    [200, null, 400],
  ])('auto for %i slots under somaxconn %j: %i', (slots, somaxconn, expected) => {
    expect(planListen('auto', slots, { ...FACTS, somaxconn }).listen).toBe(expected);
  });

  it('refuses a number the kernel would refuse', () => {
    expect(() => planListen(5000, 1, FACTS)).toThrow(expect.objectContaining({ code: 'DK_PLAN_LISTEN' }));
  });
});

describe('timeouts', () => {
  it('leave a stop longer than a worker, and a worker longer than a request', () => {
    expect(planTimeouts({ request_timeout: 30 }).timeouts).toEqual({
      request: 30,
      reloadMercy: 35,
      stopGrace: 40,
    });
    expect(planTimeouts({ request_timeout: 30, graceful_timeout: 30 }).timeouts.stopGrace).toBe(35);
  });

  it('refuse a worker that may not finish a request', () => {
    const server = { request_timeout: 30, graceful_timeout: 10 };
    expect(() => planTimeouts(server)).toThrow(expect.objectContaining({ code: 'DK_PLAN_TIMEOUTS' }));
  });
});

describe('a hung worker', () => {
  const request_timeout = 30;
  it.each([
    ['gevent', {}, 60, 'after 60 s', /2 × the request timeout/],
    ['gevent', { hang_timeout: 10 }, 10, 'after 10 s', /asked for/],
    ['gevent', { hang_timeout: 0 }, null, 'never', /hang_timeout = 0/],
    ['threads', { hang_timeout: 10 }, null, 'after 30 s', /harakiri/],
    ['sync', {}, null, 'after 30 s', /harakiri/],
  ] as const)('%s %j', (topology, asked, hangTimeout, value, why) => {
    expect(planHang({ request_timeout, ...asked }, topology)).toMatchObject({
      hangTimeout,
      decision: { what: 'hung worker', value, why: expect.stringMatching(why) },
    });
  });

  it('is not looked for sooner than its hub can tell', () => {
    expect(planHang({ request_timeout: 1 }, 'gevent').hangTimeout).toBe(5);
  });
});
