import { type Columns, trimColumns } from './columns.js';
import { Connection, type Wire } from './connection.js';
import type { HeadCache } from './head-reader.js';
import { MAX_DURATION_MS, MAX_REQUESTS } from './limits.js';
import { Lingering } from './lingering.js';
import { LoopMonitor } from './loop-monitor.js';
import { Recorder } from './recorder.js';
import { requestBytes } from './request-bytes.js';
import type { ErrorClass, LoadPlan } from './types.js';

/** What the engine thread hands back; times are `performance.now()` ms of that thread. */
export interface EngineOutput {
  columns: Columns;
  loop: { utilization: number; delayP99Ms: number };
  staleKeepalive: number;
  partial: boolean;
}

export interface EngineHooks {
  progress(done: number, errors: number, elapsedMs: number): void;
  finished(output: EngineOutput): void;
}

const SWEEP_MS = 10;
const PROGRESS_MS = 100;
const REPEATABLE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Runs one plan in this thread: as many clients as the concurrency, each with one request in flight, all started in
 * one tick (a wave is the case requests = concurrency). One sweep serves all timeouts and deadlines.
 */
export class Engine implements Wire {
  readonly request: Buffer;
  readonly readBuffer = Buffer.allocUnsafeSlow(64 * 1024);
  readonly heads: HeadCache = { bytes: Buffer.alloc(0), head: null };
  readonly #recorder: Recorder;
  readonly #loop = new LoopMonitor();
  readonly #timer = setInterval(() => this.#sweep(performance.now()), SWEEP_MS);
  readonly #startedAt: number;
  readonly #deadline: number;
  readonly #hardDeadline: number;
  readonly #live = new Set<Connection>();
  readonly #lingering = new Lingering();
  #clients: number;
  #resting = 0;
  #stopping = false;
  #partial = false;
  #stale = 0;
  #progressAt = 0;
  #loopReading: EngineOutput['loop'] | null = null;

  constructor(
    readonly plan: LoadPlan,
    readonly hooks: EngineHooks,
  ) {
    this.request = requestBytes(plan);
    this.#recorder = new Recorder(plan.requests ?? MAX_REQUESTS, plan.expect);
    this.#clients = Math.min(plan.concurrency, plan.requests ?? MAX_REQUESTS);
    this.#startedAt = performance.now();
    this.#deadline = this.#startedAt + (plan.durationMs ?? MAX_DURATION_MS);
    this.#hardDeadline = this.#deadline + (plan.drainMs ?? plan.timeoutMs);
    for (let i = 0; i < this.#clients; i++) this.#startNew(performance.now());
  }

  /** Ends the run at once; what is in flight becomes `aborted_at_deadline`. */
  stop(): void {
    if (this.#clients === 0) return;
    this.#partial = true;
    this.#abort();
  }

  finished(connection: Connection, error: ErrorClass | null): void {
    const now = performance.now();
    if (this.#isStale(connection, error)) {
      this.#stale++;
      this.#live.delete(connection);
      this.#open(connection.lastSample, connection.startedAt);
      return;
    }
    this.#recorder.end(connection, error, now);
    const keep = error === null && this.plan.keepAlive && connection.parser.reusable;
    if (keep && this.#mayStart(now)) {
      connection.send(this.#recorder.begin(now), now);
      return;
    }
    this.#release(connection, keep, error, now);
    if (!this.#mayStart(now)) this.#leave();
    // A refused connect fails at once: without a pause the client would spin.
    else if (connection.connectedAt === 0) this.#resting++;
    else this.#startNew(now);
  }

  extraBytes(connection: Connection): void {
    this.#recorder.spoil(connection.lastSample);
  }

  closed(connection: Connection): void {
    this.#lingering.delete(connection);
  }

  #mayStart(now: number): boolean {
    return !this.#stopping && now < this.#deadline && !this.#recorder.full;
  }

  #isStale(connection: Connection, error: ErrorClass | null): boolean {
    const unanswered = error === 'reset_before_response' || error === 'closed_before_response';
    return unanswered && connection.served > 0 && !this.#stopping && REPEATABLE.has(this.plan.method);
  }

  #startNew(now: number): void {
    this.#open(this.#recorder.begin(now), now);
  }

  #open(sample: number, startedAt: number): void {
    this.#live.add(new Connection(this, sample, startedAt));
  }

  #release(connection: Connection, keep: boolean, error: ErrorClass | null, now: number): void {
    this.#live.delete(connection);
    if (keep || this.#stopping) connection.destroy();
    else if (error === null) this.#lingering.add(connection, now);
  }

  #leave(): void {
    this.#clients--;
    if (this.#clients === 0) this.#loopReading = this.#loop.read();
  }

  #abort(): void {
    this.#stopping = true;
    for (const connection of this.#live) connection.fail('aborted_at_deadline');
    this.#lingering.sweep(Number.POSITIVE_INFINITY);
    this.#sweepResting(performance.now());
  }

  #sweep(now: number): void {
    if (now >= this.#hardDeadline) this.#abort();
    for (const connection of this.#live) {
      if (now - connection.startedAt > this.plan.timeoutMs) connection.timeUp();
    }
    this.#sweepResting(now);
    this.#lingering.sweep(now);
    if (now - this.#progressAt >= PROGRESS_MS) this.#reportProgress(now);
    if (this.#loopReading !== null && this.#lingering.none) this.#end(this.#loopReading);
  }

  #sweepResting(now: number): void {
    for (; this.#resting > 0; this.#resting--) {
      if (this.#mayStart(now)) this.#startNew(now);
      else this.#leave();
    }
  }

  #reportProgress(now: number): void {
    this.#progressAt = now;
    this.hooks.progress(this.#recorder.done, this.#recorder.errors, now - this.#startedAt);
  }

  #end(loop: EngineOutput['loop']): void {
    clearInterval(this.#timer);
    const columns = trimColumns(this.#recorder.columns);
    this.hooks.finished({ columns, loop, staleKeepalive: this.#stale, partial: this.#partial });
  }
}
