import type { Endpoint } from '../endpoint.js';
import type { LoadPlan } from './types.js';

/** What is loaded, and how a request to it looks; shared by all runs of a bench. */
export interface Target {
  endpoint: Endpoint;
  path: string;
  method: string;
  headers: Record<string, string>;
  body?: string | undefined;
  timeoutMs: number;
  /** Status of a good answer where it is not 2xx. */
  expect?: LoadPlan['expect'];
  signal?: AbortSignal | undefined;
}

/** A closed loop on the target, a new connection a request unless `keepAlive`. */
export function closedPlan(
  target: Target,
  load: { requests: number | null; concurrency: number; durationMs: number | null; keepAlive?: boolean },
): LoadPlan {
  return { ...common(target), mode: 'closed', keepAlive: false, ...load };
}

/** Arrivals at a fixed rate, on at most `concurrency` connections at once. */
export function openPlan(
  target: Target,
  load: { rate: number; concurrency: number; durationMs: number; keepAlive?: boolean },
): LoadPlan {
  return { ...common(target), mode: 'open', keepAlive: false, requests: null, ...load };
}

/** `sent` requests at once; those unanswered after `durationMs` are given up. */
export function wavePlan(target: Target, sent: number, durationMs: number): LoadPlan {
  return {
    ...common(target),
    mode: 'wave',
    keepAlive: false,
    requests: sent,
    concurrency: sent,
    durationMs,
    drainMs: 0,
    // The deadline of the run comes first.
    timeoutMs: durationMs * 2,
  };
}

function common(target: Target) {
  const { endpoint, path, method, headers, body, timeoutMs, expect } = target;
  const optional = { ...(expect === undefined ? {} : { expect }), ...(body === undefined ? {} : { body }) };
  return { endpoint, path, method, headers, timeoutMs, ...optional };
}
