import type { BenchResult } from '../types.js';
import type { ComparedSide } from './types.js';

/** What a side's own bench says of it. */
export function sideOf(label: string, { claim, throughput, wave }: BenchResult): ComparedSide {
  return {
    label,
    claim,
    load: throughput && {
      requests: throughput.requests,
      concurrency: throughput.concurrency,
      requestsPerSecond: throughput.requestsPerSecond,
      abWouldPrint: throughput.abWouldPrint,
      latency: throughput.latency,
    },
    crowd: null,
    wave: wave && {
      sent: wave.sent,
      waves: wave.waves,
      effectiveConcurrency: wave.effectiveConcurrency,
      verdict: wave.verdict,
    },
    memory: null,
  };
}
