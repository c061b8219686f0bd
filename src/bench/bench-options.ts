import type { Endpoint } from '../endpoint.js';
import type { Claim, Samples } from './types.js';

/** A second instance of the same deployment that serves a path sleeping a given time; made for one bench. */
export interface Verification {
  endpoint: Endpoint;
  /** A path whose answer takes `sleepMs`. */
  path(sleepMs: number): string;
  close(): Promise<void>;
}

/** What a bench is doing, for a progress line. */
export interface BenchEvent {
  phase: 'check' | 's0' | 'wave' | 'throughput' | 'open-loop' | 'sweep' | 'interference' | 'soak';
  text: string;
  done?: number;
  total?: number;
}

/** The raw samples behind a result; null where the load was not run or keeps none (sweep, interference, soak). */
export interface BenchSamples {
  /** Of the decisive run of the wave test. */
  wave: Samples | null;
  /** Of the closed loop, or of the open one that was asked for. */
  load: Samples | null;
}

export interface BenchOptions {
  endpoint: Endpoint;
  /** The user's path; begins with `/`. */
  path: string;
  claim: Claim;
  /** Default GET. */
  method?: string | undefined;
  headers?: Record<string, string> | undefined;
  body?: string | undefined;
  /** Arrivals a second: an open loop for `durationMs` (default 10 s) instead of the closed loop. */
  rate?: number | undefined;
  /** Closed loops of 1 to twice as many clients as slots; `durationMs` is the time for all. */
  sweep?: boolean | undefined;
  /** Another path of the server, loaded while `path` is measured. */
  withPath?: string | undefined;
  /** A load of this length in ten parts, closed or at `rate`. */
  soakMs?: number | undefined;
  /** Bytes the server uses now; null when it cannot be read. */
  memory?: (() => Promise<number | null>) | undefined;
  /** Engine threads of a load; default: one, and more where it is the limit, up to the cores at hand. */
  workers?: number | undefined;
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
  /** Called once, before the result is returned. Samples are kept only if it is given: up to 33 MB. */
  onSamples?: ((samples: BenchSamples) => void) | undefined;
}
