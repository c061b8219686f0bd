import { meanHalfWidth } from './mean-half-width.js';
import { mser5 } from './mser.js';
import { summarize } from './summary.js';
import type { LoadResult, Samples, SteadyState } from './types.js';

const MAX_BATCHES = 10;
const MIN_BATCHES = 3;
const MIN_BATCH = 5;
// With steady latencies the best cut is a matter of luck; one that changes the mean by less than this is not made.
const MATTERS = 0.05;
// Where many requests failed, clients were not always waiting for an answer.
const GOOD_SHARE = 0.99;

/**
 * The steady part of a closed loop and its rate. The rate is clients over mean latency (Little's law: each client
 * always waits for one answer), which the waves of a fixed service time do not distort (bench.md §2, ramp).
 */
export function steadyState(result: LoadResult): SteadyState {
  const latencies = byCompletion(result.samples, result.ok);
  const { drop, atLimit } = mser5(latencies);
  const matters = Math.abs(mean(latencies.subarray(0, drop)) / mean(latencies.subarray(drop)) - 1) > MATTERS;
  const dropped = matters ? drop : 0;
  const kept = latencies.subarray(dropped);
  const clients = result.plan.concurrency * (result.health.littleRatio ?? 1);
  const fit = kept.length > 0 && result.ok >= GOOD_SHARE * result.sent;
  const rates = fit ? batches(kept, clients).map((batch) => (clients / mean(batch)) * 1000) : [];
  return {
    dropped,
    steady: !(matters && atLimit),
    requestsPerSecond: fit && dropped > 0 ? (clients / mean(kept)) * 1000 : result.requestsPerSecond,
    halfWidth: rates.length < MIN_BATCHES ? null : meanHalfWidth(rates),
    latency: dropped > 0 ? summarize(kept) : result.latency,
    text: textOf(dropped, matters && atLimit),
  };
}

function textOf(dropped: number, unsettled: boolean): string {
  if (unsettled) return 'had not settled by the middle of the run; measure for longer (-d)';
  return dropped === 0 ? 'steady from the start' : `the first ${dropped} answers left out (MSER-5)`;
}

/** Latencies of good answers in the order in which they came. */
function byCompletion({ startMs, totalMs, ok }: Samples, count: number): Float64Array {
  const good = new Uint32Array(count);
  let at = 0;
  for (let i = 0; i < ok.length; i++) if (ok[i] === 1) good[at++] = i;
  const end = (i: number) => (startMs[i] ?? 0) + (totalMs[i] ?? 0);
  good.sort((a, b) => end(a) - end(b));
  return Float64Array.from(good, (i) => totalMs[i] ?? 0);
}

/** Up to ten runs of equally many values, each of at least one round of all clients. */
function batches(values: Float64Array, clients: number): Float64Array[] {
  const count = Math.min(MAX_BATCHES, Math.floor(values.length / Math.max(MIN_BATCH, clients)));
  const size = Math.floor(values.length / Math.max(1, count));
  return Array.from({ length: count }, (_, i) => values.subarray(i * size, (i + 1) * size));
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
