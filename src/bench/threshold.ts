export type Comparator = '<' | '<=' | '=' | '>=' | '>';

export type LatencyMetric = 'min' | 'mean' | 'p50' | 'p90' | 'p99' | 'max';
export type MetricName = LatencyMetric | 'slots' | 'ratio' | 'rps' | 'errors' | 'efficiency';

/** ms; shares are 0..1, so that 0.1 % is 0.001. */
export type MetricUnit = 'ms' | 'share' | 'count' | 'requests/s' | 'times';

/** One line a run must keep, e.g. `p99<250ms`. */
export interface Expectation {
  /** As the user wrote it. */
  text: string;
  metric: MetricName;
  comparator: Comparator;
  /** In `unit`. */
  value: number;
  unit: MetricUnit;
}

/** How an expectation met what was measured. */
export interface JudgedExpectation {
  text: string;
  /** The value with its unit, or why there is none. */
  measured: string;
  /** null = cannot be decided by this run. */
  ok: boolean | null;
}
