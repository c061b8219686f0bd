// Servers that admit a known number of requests at a time.
import { bench } from '../../../dist/bench/bench.js';
import { childServer, slotServer } from './servers.mjs';

const claimOf = (processes, perProcess) => ({
  topology: perProcess > 1 ? 'gevent' : 'sync',
  processes,
  perProcess,
  slots: processes * perProcess,
  listen: 2048,
});

export const limitRows = [
  ...[1, 5, 20, 100, 400, 1000].map((slots) =>
    wave(`${slots} slots`, claimOf(1, slots), slots, 'PASS', /runs agree/, slots === 5),
  ),
  wave('a blocking hub in 4 processes', claimOf(4, 10), 4, 'FAIL', /hub is blocked/, true),
  wave('a pool of 7 in 20 slots', claimOf(1, 20), 7, 'FAIL', /pool of that size/, false),
  wave('3 of 4 processes answer', claimOf(4, 5), 15, 'FAIL', /3 of 4 processes/, false),
  wave('one process of 8', claimOf(8, 1), 1, 'FAIL', /One process serves/, false),
  wave('twice the slots (a proxy)', claimOf(1, 10), 12, 'FAIL', /more than the 10 slots/, false, 20),
  sweepRow('sweep: 8 slots of 40 ms', claimOf(1, 8), 8, 'slots', true),
  sweepRow('sweep: a pool of 5 in 16 slots', claimOf(1, 16), 5, 'something-else', false),
  {
    name: 'sweep: CPU-bound, 10 ms',
    truth: 'cpu, 100 requests/s',
    short: false,
    run: () =>
      withServer(childServer('computing', 10), async (endpoint) => {
        const options = { endpoint, path: '/', claim: claimOf(1, 10), wave: false, sweep: true };
        const { sweep } = await bench({ ...options, durationMs: 8_000 });
        const { limitedBy, bounds } = sweep;
        const right = limitedBy === 'cpu' && near(bounds.measuredMax, 100, 0.15);
        return { measured: `${limitedBy}, ${bounds.measuredMax.toFixed(1)} requests/s`, right };
      }),
  },
];

/** The wave test must find `served`, the verdict and the words. */
function wave(name, claim, served, verdict, words, short, really = served) {
  const serviceMs = Math.max(400, 1.25 * claim.slots);
  return {
    name,
    truth: `${served} at once: ${verdict}`,
    short,
    run: () =>
      withServer(slotServer(really, serviceMs), async (endpoint) => {
        const result = await bench({ endpoint, path: '/', claim, throughput: false, repeats: 1 });
        const found = result.wave?.effectiveConcurrency;
        const right = found === served && result.verdict === verdict && words.test(result.reasons[0]);
        return { measured: `${found} at once: ${result.verdict}. ${result.reasons[0]}`, right };
      }),
  };
}

/** The sweep must find how many are in service and what limits them. */
function sweepRow(name, claim, served, limitedBy, short) {
  return {
    name,
    truth: `${served} in service, ${limitedBy}`,
    short,
    run: () =>
      withServer(slotServer(served, 40), async (endpoint) => {
        const options = { endpoint, path: '/', claim, wave: false, sweep: true, durationMs: 5_000 };
        const { sweep } = await bench(options);
        const right = sweep.limitedBy === limitedBy && near(sweep.knee, served, 0.1);
        return { measured: `${sweep.knee.toFixed(2)} in service, ${sweep.limitedBy}`, right };
      }),
  };
}

export async function withServer(starting, use) {
  const { endpoint, close } = await starting;
  try {
    return await use(endpoint);
  } finally {
    close();
  }
}

export function near(value, truth, share) {
  return Math.abs(value / truth - 1) <= share;
}
