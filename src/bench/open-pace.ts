import type { Connection } from './connection.js';
import type { Arrivals, Launcher, Pace } from './pace.js';
import type { LoadPlan } from './types.js';

/**
 * Arrivals at a fixed rate, whatever the server does. An arrival that finds all connections taken waits for one; its
 * latency counts from when it was due. One that has waited as long as a request may take is dropped, and counted.
 */
export class OpenPace implements Pace {
  readonly #launcher: Launcher;
  readonly #plan: LoadPlan;
  readonly #intervalMs: number;
  readonly #total: number;
  readonly #lags: Float32Array;
  readonly #idle: Connection[] = [];
  #timer: NodeJS.Timeout | undefined;
  #beganAt = 0;
  #due = 0;
  #next = 0;
  #dropped = 0;
  #inFlight = 0;
  #stopped = false;

  /** `plan` with rate and duration. */
  constructor(launcher: Launcher, plan: LoadPlan) {
    const { rate = 1, durationMs } = plan;
    this.#launcher = launcher;
    this.#plan = plan;
    this.#intervalMs = 1000 / rate;
    this.#total = arrivalsOf(rate, durationMs ?? 0);
    this.#lags = new Float32Array(this.#total);
  }

  get over(): boolean {
    const exhausted = this.#stopped || this.#next === this.#total;
    return exhausted && this.#inFlight === 0;
  }

  get arrivals(): Arrivals {
    const lags = this.#lags.slice(0, this.#due).sort();
    const lagP99Ms = lags[Math.max(0, Math.ceil(0.99 * lags.length) - 1)] ?? 0;
    return { due: this.#due, dropped: this.#dropped, lagP99Ms };
  }

  begin(now: number): void {
    this.#beganAt = now;
    this.tick(now);
    this.#wait();
  }

  ended(connection: Connection, kept: boolean, now: number): boolean {
    this.#inFlight--;
    if (kept) this.#idle.push(connection);
    this.#startDue(now);
    return kept;
  }

  tick(now: number): void {
    if (this.#stopped) return;
    for (; this.#due < this.#total && this.#dueAt(this.#due) <= now; this.#due++) {
      this.#lags[this.#due] = now - this.#dueAt(this.#due);
    }
    this.#startDue(now);
  }

  stop(): void {
    clearTimeout(this.#timer);
    if (!this.#stopped) this.#dropped += this.#due - this.#next;
    this.#stopped = true;
  }

  #dueAt(arrival: number): number {
    return this.#beganAt + arrival * this.#intervalMs;
  }

  #wait(): void {
    if (this.#stopped || this.#due === this.#total) return;
    this.#timer = setTimeout(
      () => {
        this.tick(performance.now());
        this.#wait();
      },
      Math.max(0, this.#dueAt(this.#due) - performance.now()),
    );
  }

  #startDue(now: number): void {
    while (!this.#stopped && this.#next < this.#due) {
      const intended = this.#dueAt(this.#next);
      if (now - intended > this.#plan.timeoutMs) this.#dropped++;
      else if (this.#inFlight >= this.#plan.concurrency) return;
      else this.#start(now, intended);
      this.#next++;
    }
  }

  #start(now: number, intended: number): void {
    this.#inFlight++;
    let kept = this.#idle.pop();
    // The server may have closed connections while they were idle.
    while (kept !== undefined && !kept.usable) kept = this.#idle.pop();
    if (kept === undefined) this.#launcher.start(now, intended);
    else this.#launcher.resume(kept, now, intended);
  }
}

/** How many requests a rate makes in a time: the last one comes due before its end. */
export function arrivalsOf(rate: number, durationMs: number): number {
  return Math.max(1, Math.round((rate * durationMs) / 1000));
}
