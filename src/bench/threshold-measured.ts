import { geometricMean } from './compare/geometric-mean.js';
import type { CompareResult } from './compare/types.js';
import type { Expectation, LatencyMetric, MetricName } from './threshold.js';
import { type LoadFacts, loadFacts } from './threshold-load.js';
import type { BenchResult, LatencySummary } from './types.js';

/** The bounds between which a metric lies, equal when it is exact, and its value in words. */
export interface Measured {
  low: number;
  high: number;
  text: string;
}

// 10 samples beyond a percentile (bench.md §2).
const NEEDED: Partial<Record<LatencyMetric, number>> = { p50: 20, p90: 100, p99: 1000 };

/** The metric's value in the expectation's unit; a sentence when this result cannot tell. */
export function measuredValue(
  result: BenchResult | CompareResult,
  expectation: Expectation,
): Measured | string {
  return 'kind' in result ? compared(result, expectation.metric) : benched(result, expectation);
}

function benched(result: BenchResult, { metric, unit }: Expectation): Measured | string {
  if (metric === 'ratio') return 'nothing was compared';
  if (metric === 'slots') return slots(result);
  const facts = loadFacts(result);
  if (facts === null) return 'no load was measured';
  // Errors are the server's, whatever the generator could do.
  if (metric === 'errors') return errors(facts, unit === 'share');
  if (facts.health.problems.length > 0) return 'the load generator was the limit';
  if (metric === 'rps') return { ...facts.rate, text: rate(facts.rate) };
  if (metric !== 'efficiency') return latency(facts.latency, metric);
  return facts.efficiency === null
    ? 'only a closed loop has one'
    : exact(facts.efficiency, share(facts.efficiency));
}

function compared(result: CompareResult, metric: MetricName): Measured | string {
  const { ratio, low, high, pairs } = result;
  if (result.verdict === 'INVALID') return 'the comparison does not count';
  if (metric === 'ratio') {
    if (ratio === null || low === null || high === null) return 'too few pairs for an interval';
    return { low, high, text: `${ratio.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})` };
  }
  if (metric === 'rps') {
    if (pairs.length === 0) return 'no pair was measured';
    const value = geometricMean(pairs.map(({ b }) => b));
    return exact(value, rate({ low: value, high: value }));
  }
  if (metric === 'slots' || metric === 'errors' || metric === 'efficiency') {
    return `a comparison does not measure ${metric}`;
  }
  return latency(result.latency.b, metric);
}

function slots({ wave }: BenchResult): Measured | string {
  if (wave === null) return 'the wave test was left out';
  const { verdict, effectiveConcurrency: value } = wave;
  if (verdict === 'INVALID') return 'the wave test proves nothing: the load generator was the limit';
  // An inconclusive wave shows so many and leaves open whether there are more.
  if (verdict === 'INCONCLUSIVE') return { low: value, high: Infinity, text: `at least ${value}` };
  return exact(value, String(value));
}

function errors({ failed, requests }: LoadFacts, asShare: boolean): Measured {
  const part = requests === 0 ? 0 : failed / requests;
  return exact(asShare ? part : failed, `${failed} of ${requests}, ${share(part)}`);
}

function latency(summary: LatencySummary | null, metric: LatencyMetric): Measured | string {
  if (summary === null) return 'no good answer';
  const value = summary[metric];
  if (value === null) return `only ${summary.n} answers, and ${metric} needs ${NEEDED[metric] ?? 1}`;
  return exact(value, `${Number(value.toPrecision(4))} ms`);
}

function exact(value: number, text: string): Measured {
  return { low: value, high: value, text };
}

function rate({ low, high }: { low: number; high: number }): string {
  const digits = (value: number) => Number(value.toPrecision(4));
  const half = (high - low) / 2;
  const spread = half > 0 ? ` ± ${Number(half.toPrecision(2))}` : '';
  return `${digits((low + high) / 2)}${spread} requests/s`;
}

function share(value: number): string {
  return `${Number((value * 100).toPrecision(3))} %`;
}
