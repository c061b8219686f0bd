import { ClosedPace } from './closed-pace.js';
import { trimColumns } from './columns.js';
import { Connection, type Wire } from './connection.js';
import type { EngineOutput } from './engine-output.js';
import type { HeadCache } from './head-reader.js';
import { MAX_DURATION_MS, MAX_REQUESTS } from './limits.js';
import { Lingering } from './lingering.js';
import type { LoadProgress } from './load-progress.js';
import { LoopMonitor } from './loop-monitor.js';
import { arrivalsOf, OpenPace } from './open-pace.js';
import { type Dial, dialer } from './open-socket.js';
import type { Launcher, Pace } from './pace.js';
import { Recorder } from './recorder.js';
import { requestBytes } from './request-bytes.js';
import type { ErrorClass, LoadPlan } from './types.js';

/** Where an engine reports. */
export interface EngineHooks {
  progress(progress: LoadProgress): void;
  finished(output: EngineOutput): void;
}

const SWEEP_MS = 10;
const PROGRESS_MS = 100;
const REPEATABLE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Runs one plan in this thread. One sweep serves all timeouts and deadlines; the pace decides when requests start. */
export class Engine implements Wire, Launcher {
  readonly dial: Dial;
  readonly request: Buffer;
  readonly readBuffer = Buffer.allocUnsafeSlow(64 * 1024);
  readonly heads: HeadCache = { bytes: Buffer.alloc(0), head: null };
  readonly #recorder: Recorder;
  readonly #pace: Pace;
  readonly #loop = new LoopMonitor();
  readonly #timer = setInterval(() => this.#sweep(performance.now()), SWEEP_MS);
  readonly #startedAt: number;
  readonly #deadline: number;
  #hardDeadline: number;
  readonly #live = new Set<Connection>();
  readonly #lingering = new Lingering();
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
    this.dial = dialer(plan.endpoint, plan.keepAlive);
    const capacity = capacityOf(plan);
    this.#recorder = new Recorder(capacity, plan);
    const clients = Math.min(plan.concurrency, capacity);
    this.#pace = plan.mode === 'open' ? new OpenPace(this, plan) : new ClosedPace(this, clients);
    this.#startedAt = performance.now();
    this.#deadline = this.#startedAt + (plan.durationMs ?? MAX_DURATION_MS);
    this.#hardDeadline = this.#deadline + (plan.drainMs ?? plan.timeoutMs);
    this.#pace.begin(this.#startedAt);
  }

  /** Ends the run at once; what is in flight becomes `aborted_at_deadline`. */
  stop(): void {
    if (this.#pace.over) return;
    this.#partial = true;
    this.#abort();
  }

  /** Starts nothing from now on; what is in flight ends as it would have. */
  finish(): void {
    const now = performance.now();
    this.#hardDeadline = Math.min(this.#hardDeadline, now + this.plan.timeoutMs);
    this.#pace.stop(now);
  }

  mayStart(now: number): boolean {
    return !this.#stopping && now < this.#deadline && !this.#recorder.full;
  }

  start(now: number, intended?: number): void {
    this.#open(this.#recorder.begin(now, intended), now);
  }

  resume(connection: Connection, now: number, intended?: number): void {
    connection.send(this.#recorder.begin(now, intended), now);
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
    const kept = error === null && this.plan.keepAlive && connection.parser.reusable;
    if (!this.#pace.ended(connection, kept, now)) this.#release(connection, kept, error, now);
    if (this.#pace.over) this.#loopReading ??= this.#loop.read();
  }

  extraBytes(connection: Connection): void {
    this.#recorder.spoil(connection.lastSample);
  }

  closed(connection: Connection): void {
    this.#live.delete(connection);
    this.#lingering.delete(connection);
  }

  #isStale(connection: Connection, error: ErrorClass | null): boolean {
    const unanswered = error === 'reset_before_response' || error === 'closed_before_response';
    return unanswered && connection.served > 0 && !this.#stopping && REPEATABLE.has(this.plan.method);
  }

  #open(sample: number, startedAt: number): void {
    this.#live.add(new Connection(this, sample, startedAt));
  }

  #release(connection: Connection, kept: boolean, error: ErrorClass | null, now: number): void {
    this.#live.delete(connection);
    if (kept || this.#stopping) connection.destroy();
    else if (error === null) this.#lingering.add(connection, now);
  }

  #abort(): void {
    this.#stopping = true;
    const now = performance.now();
    this.#pace.stop(now);
    for (const connection of this.#live) connection.fail('aborted_at_deadline');
    this.#lingering.sweep(Number.POSITIVE_INFINITY);
  }

  #sweep(now: number): void {
    if (now >= this.#hardDeadline) this.#abort();
    for (const connection of this.#live) {
      if (connection.sample >= 0 && now - connection.startedAt > this.plan.timeoutMs) connection.timeUp();
    }
    this.#pace.tick(now);
    this.#lingering.sweep(now);
    if (now - this.#progressAt >= PROGRESS_MS) this.#reportProgress(now);
    if (!this.#pace.over) return;
    this.#loopReading ??= this.#loop.read();
    if (this.#lingering.none) this.#end(this.#loopReading);
  }

  #reportProgress(now: number): void {
    this.#progressAt = now;
    const { done, errors } = this.#recorder;
    const { utilization } = this.#loop;
    this.hooks.progress({ done, errors, elapsedMs: now - this.#startedAt, utilization });
  }

  #end(loop: EngineOutput['loop']): void {
    clearInterval(this.#timer);
    // Connections that an open loop kept for later arrivals.
    for (const connection of this.#live) connection.destroy();
    this.hooks.finished({
      columns: trimColumns(this.#recorder.columns),
      loop,
      arrivals: this.#pace.arrivals,
      staleKeepalive: this.#stale,
      partial: this.#partial,
      timeOrigin: performance.timeOrigin,
    });
  }
}

function capacityOf({ mode, requests, rate = 0, durationMs }: LoadPlan): number {
  return mode === 'open' ? arrivalsOf(rate, durationMs ?? 0) : (requests ?? MAX_REQUESTS);
}
