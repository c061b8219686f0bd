import { describe, expect, test } from 'vitest';
import { runLoad } from '../../src/bench/run-load.js';
import type { LoadPlan } from '../../src/bench/types.js';
import { FRAMINGS } from './framings.js';
import { loadPlan, rawServer, slotServer } from './servers.js';

const LENGTH = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

describe.concurrent('framings over a socket', () => {
  test.each(FRAMINGS)('$name', async ({ bytes, status, body, method = 'GET' }) => {
    const endpoint = await rawServer(bytes);
    const expected = { status, bodyBytes: body.length };
    const result = await runLoad(loadPlan(endpoint, { method, requests: 3, expect: expected }));
    expect(result).toMatchObject({ sent: 3, ok: 3, errors: {}, statuses: { [status]: 3 }, partial: false });
  });

  test('an answer that comes byte by byte', async () => {
    const endpoint = await rawServer((socket) => {
      socket.setNoDelay(true);
      let at = 0;
      const next = () => {
        if (at === LENGTH.length) socket.end();
        else socket.write(LENGTH.slice(at, ++at), () => setImmediate(next));
      };
      next();
    });
    expect(await runLoad(loadPlan(endpoint))).toMatchObject({ ok: 1 });
  });
});

describe.concurrent('counts', () => {
  test.each([
    ['n = 1', 1, 1],
    ['n % c != 0', 10, 4],
    ['c > n', 3, 8],
    ['n = c', 6, 6],
  ])('%s: every request is sent once and answered', async (_, requests, concurrency) => {
    const { endpoint, arrived } = await slotServer(100, 5);
    for (const keepAlive of [false, true]) {
      const before = arrived();
      const result = await runLoad(loadPlan(endpoint, { requests, concurrency, keepAlive }));
      expect(result).toMatchObject({ sent: requests, ok: requests, errors: {} });
      expect(arrived() - before).toBe(requests);
      expect(result.samples.startMs).toHaveLength(requests);
      expect(result.connect?.n).toBe(keepAlive ? Math.min(requests, concurrency) : requests);
    }
  });

  test('n = 10, c = 5 on a 200 ms handler takes two service times, not three as with ab', async () => {
    const { endpoint } = await slotServer(100, 200);
    const result = await runLoad(loadPlan(endpoint, { requests: 10, concurrency: 5 }));
    expect(result.makespanMs).toBeGreaterThanOrEqual(395);
    expect(result.makespanMs).toBeLessThan(560);
  });

  test('a wave opens all connections at once', async () => {
    const { endpoint } = await slotServer(100, 300);
    const wave: Partial<LoadPlan> = { mode: 'wave', requests: 50, concurrency: 50 };
    const result = await runLoad(loadPlan(endpoint, wave));
    expect(result.ok).toBe(50);
    expect(result.makespanMs).toBeLessThan(550);
    expect(Math.max(...result.samples.startMs)).toBeLessThan(150);
    expect(result.health.littleRatio).toBeNull();
  });

  test('phases are in order', async () => {
    const { endpoint } = await slotServer(100, 50);
    const { samples } = await runLoad(loadPlan(endpoint, { requests: 6, concurrency: 2 }));
    for (let i = 0; i < 6; i++) {
      expect(samples.connectMs[i]).toBeGreaterThan(0);
      expect(samples.firstByteMs[i]).toBeGreaterThanOrEqual(49);
      expect(samples.firstByteMs[i]).toBeGreaterThan(samples.connectMs[i] ?? Number.NaN);
      expect(samples.totalMs[i]).toBeGreaterThanOrEqual(samples.firstByteMs[i] ?? Number.NaN);
    }
  });

  test('first byte and last byte are told apart', async () => {
    const endpoint = await rawServer((socket) => {
      socket.write(LENGTH.slice(0, -1), () => setTimeout(() => socket.end('k'), 120));
    });
    const { latency, firstByte } = await runLoad(loadPlan(endpoint));
    expect((latency?.max ?? 0) - (firstByte?.max ?? 0)).toBeGreaterThan(60);
  });

  test('a duration without a number of requests', async () => {
    const { endpoint } = await slotServer(100, 20);
    const result = await runLoad(loadPlan(endpoint, { requests: null, durationMs: 500, concurrency: 4 }));
    expect(result.ok).toBe(result.sent);
    expect(result.sent).toBeGreaterThan(20);
    expect(result.makespanMs).toBeLessThan(700);
    expect(result.health.littleRatio).toBeGreaterThan(0.9);
  });
});

describe('connections', () => {
  test('a server that keeps the connection open is left after its answer', async () => {
    const endpoint = await rawServer((socket) => socket.write(LENGTH));
    const result = await runLoad(loadPlan(endpoint, { requests: 4 }));
    expect(result.ok).toBe(4);
    expect(result.makespanMs).toBeLessThan(2_000);
  });

  test('a reset after the whole answer is no error', async () => {
    const endpoint = await rawServer((socket) => socket.write(LENGTH, () => socket.resetAndDestroy()));
    expect(await runLoad(loadPlan(endpoint, { requests: 5 }))).toMatchObject({ ok: 5, errors: {} });
  });

  test('a kept connection that the server closed meanwhile is replaced once, and counted', async () => {
    const served = new WeakSet();
    const endpoint = await rawServer((socket) => {
      if (served.has(socket)) socket.end();
      else socket.write(LENGTH);
      served.add(socket);
    });
    const result = await runLoad(loadPlan(endpoint, { requests: 5, keepAlive: true }));
    expect(result).toMatchObject({ sent: 5, ok: 5, errors: {}, staleKeepalive: 4 });
  });

  test('kept connections end where the server says so', async () => {
    const endpoint = await rawServer('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok');
    const result = await runLoad(loadPlan(endpoint, { requests: 4, keepAlive: true }));
    expect(result).toMatchObject({ ok: 4, staleKeepalive: 0 });
    expect(result.connect?.n).toBe(4);
  });
});

describe('bounds', () => {
  const endpoint = {
    host: '127.0.0.1',
    port: 9,
    hostHeader: 'x',
    route: { kind: 'direct', note: '' },
  } as const;
  test.each<[string, Partial<LoadPlan>, RegExp]>([
    ['requests', { requests: 1_000_001 }, /requests is 1000001/],
    ['connections', { concurrency: 10_001 }, /concurrency is 10001/],
    ['duration', { durationMs: 600_001 }, /duration in ms is 600001/],
    ['no end', { requests: null }, /number of requests or a duration/],
    ['fractions', { concurrency: 1.5 }, /whole number/],
    ['zero', { requests: 0 }, /more than 0/],
    ['a wave that is none', { mode: 'wave', requests: 3 }, /a wave sends/],
    ['a path with a line end', { path: '/\r\nX: 1' }, /path/],
    ['a header with a line end', { headers: { X: 'a\r\nb' } }, /header X/],
  ])('%s', async (_, change, message) => {
    await expect(runLoad(loadPlan(endpoint, change))).rejects.toMatchObject({
      code: 'DK_USAGE',
      message: expect.stringMatching(message),
    });
  });
});

describe('abort', () => {
  test('a signal ends the run at once with what was measured', async () => {
    const { endpoint } = await slotServer(2, 100);
    const controller = new AbortController();
    const plan = loadPlan(endpoint, { requests: 1000, concurrency: 4, timeoutMs: 60_000 });
    const onProgress = ({ done }: { done: number }) => done >= 4 && controller.abort();
    const started = performance.now();
    const result = await runLoad(plan, { signal: controller.signal, onProgress });
    expect(performance.now() - started).toBeLessThan(4_000);
    expect(result.partial).toBe(true);
    expect(result.ok).toBeGreaterThanOrEqual(4);
    expect(result.errors).toEqual({ aborted_at_deadline: result.sent - result.ok });
  });

  test('a signal already given sends nothing', async () => {
    const { endpoint, arrived } = await slotServer(1, 1);
    const result = await runLoad(loadPlan(endpoint), { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ sent: 0, ok: 0, partial: true, latency: null });
    expect(arrived()).toBe(0);
  });
});
