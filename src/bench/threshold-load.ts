import { errorCount } from './error-words.js';
import type { BenchResult, GeneratorHealth, LatencySummary } from './types.js';

/** What expectations ask of a load, whichever kind it was. */
export interface LoadFacts {
  /** Requests/s; the ends of its interval, where it has one. */
  rate: { low: number; high: number };
  latency: LatencySummary | null;
  /** Of what the slots allow; null for arrivals at a fixed rate. */
  efficiency: number | null;
  failed: number;
  requests: number;
  health: GeneratorHealth;
}

/** Of the load at a fixed rate when there is one, since its latencies are what users wait; else of the closed loop. */
export function loadFacts({ openLoop, throughput }: BenchResult): LoadFacts | null {
  if (openLoop !== undefined) {
    const { achieved, latency, errors, dropped, sent, health } = openLoop;
    return {
      rate: { low: achieved, high: achieved },
      latency,
      efficiency: null,
      // Whoever could not even start got no answer either.
      failed: errorCount(errors) + dropped,
      requests: sent + dropped,
      health,
    };
  }
  if (throughput === null) return null;
  const { requestsPerSecond, steady, latency, efficiency, errors, requests, health } = throughput;
  const half = steady?.halfWidth ?? 0;
  return {
    rate: { low: requestsPerSecond - half, high: requestsPerSecond + half },
    latency,
    efficiency,
    failed: errorCount(errors),
    requests,
    health,
  };
}
