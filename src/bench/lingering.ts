import type { Connection } from './connection.js';

// A server that means to close is given this long to close first, so that TIME_WAIT is its own; one that does not
// would pin a slot to an idle connection (bench.md §2, connection policy).
const LINGER_MS = 50;

/** Connections whose answer is complete and which wait for the server to close. */
export class Lingering {
  // Insertion order is order of time, so that a sweep stops at the first young one.
  readonly #since = new Map<Connection, number>();

  get none(): boolean {
    return this.#since.size === 0;
  }

  add(connection: Connection, now: number): void {
    this.#since.set(connection, now);
  }

  delete(connection: Connection): void {
    this.#since.delete(connection);
  }

  /** Closes what has waited long enough; everything when `now` is infinite. */
  sweep(now: number): void {
    for (const [connection, since] of this.#since) {
      if (now - since < LINGER_MS) return;
      connection.destroy();
    }
  }
}
