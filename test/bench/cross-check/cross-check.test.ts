import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readAb, readHey, readOha, readWrk } from '../../../src/bench/cross-check/read.js';
import { CROSS_TOOLS } from '../../../src/bench/cross-check/tools.js';
import type { CrossTool } from '../../../src/bench/cross-check/types.js';
import { run } from '../../../src/host/run.js';
import { crossCheckText } from '../../../src/report/cross-check-block.js';

// As printed by ab 2.3 (2.4.62), wrk 4.1.0 and hey 0.1.4 against a server that fails every tenth request.
const AB = `
Concurrency Level:      5
Time taken for tests:   2.148 seconds
Complete requests:      200
Failed requests:        2
   (Connect: 0, Receive: 0, Length: 2, Exceptions: 0)
Non-2xx responses:      20
Requests per second:    93.12 [#/sec] (mean)
Time per request:       53.695 [ms] (mean)
Time per request:       10.739 [ms] (mean, across all concurrent requests)

Connection Times (ms)
              min  mean[+/-sd] median   max
Connect:        0    0   0.1      0       0
Processing:    52   65  20.1     55      99
Waiting:       51   65  20.1     55      98
Total:         52   65  20.1     55      99

Percentage of the requests served within a certain time (ms)
  50%     55
  99%     98
 100%     99 (longest request)
`;
const WRK = `Running 2s test @ http://127.0.0.1:18766/
  1 threads and 5 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency    57.71ms   22.08ms   1.17s    94.59%
    Req/Sec    91.11     22.52   101.00     84.21%
  Latency Distribution
     50%  517.60us
     75%   53.04ms
     90%   58.06ms
     99%  172.96ms
  175 requests in 2.00s, 19.80KB read
  Socket errors: connect 1, read 174, write 0, timeout 2
  Non-2xx or 3xx responses: 17
Requests/sec:     87.33
Transfer/sec:      9.88KB
`;
const HEY = `
Summary:
  Total:\t2.0868 secs
  Slowest:\t0.0628 secs
  Fastest:\t0.0506 secs
  Average:\t0.0521 secs
  Requests/sec:\t95.8428
  
  Total data:\t600 bytes
  Size/request:\t3 bytes

Response time histogram:
  0.051 [1]\t|
  0.052 [131]\t|■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■

Latency distribution:
  10% in 0.0510 secs
  50% in 0.0515 secs
  99% in 0.0602 secs

Details (average, fastest, slowest):
  DNS+dialup:\t0.0003 secs, 0.0506 secs, 0.0628 secs

Status code distribution:
  [200]\t180 responses
  [500]\t20 responses

Error distribution:
  [3]\tGet "http://127.0.0.1:9/": dial tcp 127.0.0.1:9: connect: connection refused
`;
// The members that its schema.json has and that are read.
const OHA = {
  summary: {
    successRate: 0.99,
    total: 2.1,
    slowest: 0.0628,
    fastest: 0.05,
    average: 0.0521,
    requestsPerSec: 95.8,
  },
  latencyPercentiles: { p10: 0.051, p50: 0.0515, p99: 0.0602, 'p99.9': 0.0628 },
  statusCodeDistribution: { 200: 180, 500: 20 },
  errorDistribution: { 'connection refused': 3 },
};

describe('what other tools print is read', () => {
  test('ab', () => {
    expect(readAb(AB)).toEqual({
      requests: 200,
      requestsPerSecond: 93.12,
      meanMs: 65,
      p50Ms: 55,
      p99Ms: 98,
      maxMs: 99,
      failed: 22,
    });
  });

  test('wrk, whose read errors are no failures', () => {
    expect(rounded(readWrk(WRK))).toEqual({
      requests: 175,
      requestsPerSecond: 87.33,
      meanMs: 57.71,
      p50Ms: 0.52,
      p99Ms: 172.96,
      maxMs: 1170,
      failed: 20,
    });
  });

  test('hey and oha', () => {
    const expected = { requests: 203, meanMs: 52.1, p50Ms: 51.5, p99Ms: 60.2, maxMs: 62.8, failed: 23 };
    expect(rounded(readHey(HEY))).toEqual({ ...expected, requestsPerSecond: 95.84 });
    expect(rounded(readOha(JSON.stringify(OHA)))).toEqual({ ...expected, requestsPerSecond: 95.8 });
  });

  test.each([
    [
      'hey',
      'Summary:\n  Average:\t NaN secs\n  Requests/sec:\t1451.1\n\nStatus code distribution:\n\nError distribution:\n  [10]\tno\n',
    ],
    [
      'oha',
      JSON.stringify({
        ...OHA,
        summary: { ...OHA.summary, average: null, requestsPerSec: 0 },
        latencyPercentiles: { p50: null },
      }),
    ],
  ] as const)('%s without a single answer', (tool, text) => {
    expect(CROSS_TOOLS[tool].read(text)).toMatchObject({ requestsPerSecond: 0, meanMs: null, p50Ms: null });
  });

  test.each(['ab', 'wrk', 'hey', 'oha'] as const)('%s: what is something else is said to be', (tool) => {
    for (const text of ['', '{}', 'usage: x', '[1]']) expect(() => CROSS_TOOLS[tool].read(text)).toThrow();
  });
});

test('the page says what should come out, why it differs, and stays within 80 columns', () => {
  const text = crossCheckText(
    {
      tool: 'ab',
      command: ['ab'],
      ...readAb(AB),
      expected: 94,
      ratio: 93.12 / 94,
      bias: CROSS_TOOLS.ab.bias({} as never),
    },
    { color: false, width: 80 },
  );
  expect(text).toMatchInlineSnapshot(`
    "Cross-check  the same load by ab: 200 requests, 22 requests failed
      ab          93.1 requests/s
      expected    94.0 of it, if ours are right; it shows 99 % of that
      latency     mean 65.0 ms · p50 55.0 ms · p99 98.0 ms · max 99.0 ms
      bias        ab >= 2.4.33 sends its first request alone and opens the other
                  connections when that one is answered.
                  Its "time per request" is clients over rate, not a measured
                  latency; the latencies here are from its table."
  `);
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
});

// Answers after 50 ms, always with its length and closing, as uWSGI does.
test.each(['ab', 'wrk', 'hey', 'oha'] as const)(
  '%s itself, where it is installed, is understood',
  async (tool) => {
    if (spawnSync(tool, ['-h']).error) return;
    const server = createServer((_, response) => {
      setTimeout(() => response.setHeader('Connection', 'close').end('ok\n'), 50);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const [command = []] = CROSS_TOOLS[tool as CrossTool].commands({
      url: `http://127.0.0.1:${port}/`,
      host: 'localhost',
      requests: 20,
      concurrency: 5,
      keepAlive: false,
      timeoutMs: 10_000,
      makespanMs: 200,
    });
    const { exitCode, stdout, all } = await run(command, { timeoutMs: 20_000 });
    expect(exitCode, all).toBe(0);
    const reading = CROSS_TOOLS[tool].read(stdout);
    expect(reading.failed).toBe(0);
    expect(reading.requests).toBeGreaterThanOrEqual(20);
    expect(reading.p50Ms).toBeGreaterThanOrEqual(49);
    expect(reading.requestsPerSecond).toBeLessThan(101);
  },
);

function rounded(reading: object): object {
  return Object.fromEntries(
    Object.entries(reading).map(([key, value]) => [key, Number(Number(value).toFixed(2))]),
  );
}
