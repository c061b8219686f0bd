import type { Connection } from './connection.js';

/** Decides when requests start; the engine does the rest. Times are `performance.now()` ms. */
export interface Pace {
  begin(now: number): void;
  /** A request ended. True when `connection`, which both sides keep, is put to further use. */
  ended(connection: Connection, kept: boolean, now: number): boolean;
  /** Called every 10 ms. */
  tick(now: number): void;
  /** Starts nothing from now on. */
  stop(now: number): void;
  /** No request is in flight and none will start. */
  readonly over: boolean;
  /** What became of the arrivals of an open loop; null in a closed one. */
  readonly arrivals: Arrivals | null;
}

/** What a pace makes the engine do. */
export interface Launcher {
  /** False after the end of the time, after a stop and when there is no room for another sample. */
  mayStart(now: number): boolean;
  /** Starts a request on a new connection. `intended`: when it should have started. */
  start(now: number, intended?: number): void;
  /** Starts a request on a kept connection. */
  resume(connection: Connection, now: number, intended?: number): void;
}

/** Arrivals of an open loop. */
export interface Arrivals {
  /** Came due. */
  due: number;
  /** Came due and were never started: all connections were taken for too long. */
  dropped: number;
  /** ms, p99, by which the generator noticed an arrival late. */
  lagP99Ms: number;
}
