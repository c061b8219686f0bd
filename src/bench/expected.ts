/** A load on a server with a hard limit of slots: every request takes exactly the service time. */
export interface IdealLoad {
  /** n, whole, at least 1. */
  requests: number;
  /** c, whole, at least 1. */
  concurrency: number;
  /** C, whole, at least 1. */
  slots: number;
  /** S0, ms. */
  s0Ms: number;
}

/** ms until the last answer when all clients start at once: S0·ceil(n / min(c, C)) (bench.md §1.2). */
export function idealMakespanMs({ requests, concurrency, slots, s0Ms }: IdealLoad): number {
  return s0Ms * Math.ceil(requests / Math.min(concurrency, slots));
}

/** Requests/s of the ideal makespan. */
export function idealRequestsPerSecond(load: IdealLoad): number {
  return (load.requests / idealMakespanMs(load)) * 1000;
}

/**
 * ms that ab >= 2.4.33 needs: it sends its first request alone and opens the other connections when that one's
 * header is there: S0·(1 + ceil((n-1) / min(c, C))) (bench.md §1.1, §1.2).
 */
export function abMakespanMs({ requests, concurrency, slots, s0Ms }: IdealLoad): number {
  return s0Ms * (1 + Math.ceil((requests - 1) / Math.min(concurrency, slots)));
}

/** Requests/s that ab >= 2.4.33 prints on an ideal server. */
export function abRequestsPerSecond(load: IdealLoad): number {
  return (load.requests / abMakespanMs(load)) * 1000;
}
