// Servers with known latencies.
import { bench } from '../../../dist/bench/bench.js';
import { near, withServer } from './limit-rows.mjs';
import { childServer, slotServer, stallServer } from './servers.mjs';

const CLAIM = { topology: 'gevent', processes: 1, perProcess: 500, slots: 500, listen: 511 };
const plain = { path: '/', claim: CLAIM, wave: false };

export const timeRows = [
  stallRow('stalls 0.4 s every 2 s', { everyMs: 2_000, stallMs: 400, serviceMs: 1 }, 300, 8_000, true),
  stallRow('stalls 2 s every 10 s', { everyMs: 10_000, stallMs: 2_000, serviceMs: 5 }, 100, 20_000, false),
  {
    name: 'latencies 10, 11, … 109 ms',
    truth: 'p50 59.5 ms, p90 99.5 ms (± 5 %)',
    short: false,
    run: () =>
      // A step coprime to 100 visits every latency once in a hundred requests, in no order that matters.
      withServer(
        slotServer(500, (nth) => 10 + ((nth * 37) % 100)),
        async (endpoint) => {
          const { openLoop } = await bench({ ...plain, endpoint, rate: 100, durationMs: 10_000 });
          const { p50, p90 } = openLoop.service;
          const right = near(p50, 60.5, 0.05) && near(p90, 100.5, 0.05);
          return { measured: `p50 ${p50.toFixed(1)} ms, p90 ${p90.toFixed(1)} ms`, right };
        },
      ),
  },
  {
    name: 'a server slower than the rate',
    truth: '50 of 100 requests/s: FAIL',
    short: false,
    run: () =>
      withServer(slotServer(5, 100), async (endpoint) => {
        const { openLoop, verdict } = await bench({ ...plain, endpoint, rate: 100, durationMs: 4_000 });
        const right = near(openLoop.achieved, 50, 0.1) && verdict === 'FAIL';
        return { measured: `${openLoop.achieved.toFixed(1)} requests/s: ${verdict}`, right };
      }),
  },
  {
    name: 'a path that computes starves another',
    truth: '/light under a fifth of its rate',
    short: true,
    busy: true,
    run: () =>
      withServer(childServer('computing', 20), async (endpoint) => {
        const options = { ...plain, endpoint, path: '/light', withPath: '/heavy', durationMs: 3_000 };
        const { interference } = await bench(options);
        const right = interference.ratio < 0.2 && /starves/.test(interference.explanation);
        return { measured: `${(100 * interference.ratio).toFixed(1)} % of its rate`, right };
      }),
  },
  {
    name: 'two paths that only sleep',
    truth: 'hardly disturb each other',
    short: false,
    run: () =>
      withServer(slotServer(500, 20), async (endpoint) => {
        const options = { ...plain, endpoint, withPath: '/other', durationMs: 3_000 };
        const { interference } = await bench(options);
        const measured = `${(100 * interference.ratio).toFixed(1)} % of its rate`;
        return { measured, right: interference.ratio > 0.8 };
      }),
  },
  {
    name: 'a server that slows down',
    truth: 'soak: latency grows; steady: not',
    short: false,
    run: async () => {
      const slowing = await soakOf((nth) => 20 + nth / 20);
      const steady = await soakOf(20);
      const right = slowing.latencyTrend > 0.5 && Math.abs(steady.latencyTrend) < 0.25;
      const share = (value) => `${Math.round(100 * value)} %`;
      return { measured: `${share(slowing.latencyTrend)}; ${share(steady.latencyTrend)}`, right };
    },
  },
];

function soakOf(serviceMs) {
  return withServer(slotServer(500, serviceMs), async (endpoint) => {
    const { soak } = await bench({ ...plain, endpoint, soakMs: 4_000, concurrency: 8 });
    return soak;
  });
}

/** p99 of even arrivals: the worst hundredth of all is the longest-waiting part of those that met a pause. */
function stallRow(name, server, rate, durationMs, short) {
  const { everyMs, stallMs, serviceMs } = server;
  const truth = stallMs - 0.01 * everyMs + serviceMs;
  return {
    name,
    truth: `p99 ${truth.toFixed(0)} ms ± 5 %, a closed loop hides it`,
    short,
    run: () =>
      withServer(stallServer(server), async (endpoint) => {
        const one = { concurrency: 1, keepAlive: true, durationMs: 2 * everyMs };
        const [{ openLoop }, closed] = await Promise.all([
          bench({ ...plain, endpoint, rate, durationMs }),
          bench({ ...plain, endpoint, ...one }),
        ]);
        const open = openLoop.latency.p99;
        const hidden = closed.throughput.latency.p90;
        const said = /A closed loop would have shown/.test(openLoop.explanation);
        const measured = `p99 ${open.toFixed(1)} ms; one client: p90 ${hidden.toFixed(1)} ms`;
        const predicted = `, p99 ${openLoop.closedLoopP99Ms?.toFixed(1)} ms predicted`;
        const right = near(open, truth, 0.05) && hidden < truth / 2 && said;
        return { measured: `${measured}${predicted}`, right };
      }),
  };
}
