import type { Endpoint } from '../endpoint.js';
import type { Claim } from './types.js';

/** A second instance of the same deployment that serves a path sleeping a given time; made for one bench. */
export interface Verification {
  endpoint: Endpoint;
  /** A path whose answer takes `sleepMs`. */
  path(sleepMs: number): string;
  close(): Promise<void>;
}

/** What a bench is doing, for a progress line. */
export interface BenchEvent {
  phase: 'check' | 's0' | 'wave' | 'throughput';
  text: string;
  done?: number;
  total?: number;
}

export interface BenchOptions {
  endpoint: Endpoint;
  /** The user's path; begins with `/`. */
  path: string;
  claim: Claim;
  /** Default GET. */
  method?: string | undefined;
  headers?: Record<string, string> | undefined;
  /** Throughput run; defaults depend on slots and service time. */
  requests?: number | undefined;
  concurrency?: number | undefined;
  durationMs?: number | undefined;
  /** For one request; default 30 s. */
  timeoutMs?: number | undefined;
  /** Default false: a new connection a request. */
  keepAlive?: boolean | undefined;
  /** Default true. */
  wave?: boolean | undefined;
  /** Default true. */
  throughput?: boolean | undefined;
  /** Wave runs that must agree; default 3. */
  repeats?: number | undefined;
  /** The user says the host is theirs. */
  allowAnyHost?: boolean | undefined;
  /** Used for the wave test when the user's own path is not fit for it. */
  openVerification?: (() => Promise<Verification>) | undefined;
  signal?: AbortSignal | undefined;
  onEvent?: ((event: BenchEvent) => void) | undefined;
}
