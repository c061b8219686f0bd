import type { ErrorClass, LoadResult } from '../load-types.js';

/** What became of the requests of one event. */
export interface DrillCount {
  /** Those that came due, whether or not they could be sent. */
  requests: number;
  failed: number;
  /** ms from when a request was due to its last byte, of good answers; 0 when there was none. */
  slowestMs: number;
  /** ms: the longest time in which no good answer ended. */
  longestGapMs: number;
  /** How they failed. */
  errors: Partial<Record<ErrorClass, number>>;
}

/** Counts a run of an open loop. */
export function drillCount({ samples, sent, ok, errors, arrivals, makespanMs }: LoadResult): DrillCount {
  const dropped = arrivals?.dropped ?? 0;
  const ends: number[] = [];
  let slowest = 0;
  samples.startMs.forEach((start, i) => {
    if (samples.ok[i] !== 1) return;
    const end = start + (samples.totalMs[i] ?? 0);
    ends.push(end);
    slowest = Math.max(slowest, end - (samples.intendedMs?.[i] ?? start));
  });
  return {
    requests: sent + dropped,
    failed: sent - ok + dropped,
    slowestMs: Math.round(slowest),
    longestGapMs: Math.round(longestGap(ends, makespanMs)),
    errors,
  };
}

function longestGap(ends: number[], makespanMs: number): number {
  const moments = [0, ...ends.sort((a, b) => a - b), makespanMs];
  return moments.reduce((longest, moment, i) => Math.max(longest, moment - (moments[i - 1] ?? 0)), 0);
}
