import type { Connection } from './connection.js';
import type { Launcher, Pace } from './pace.js';

/** As many clients as connections, all started in one tick; each sends its next request when it has its answer. */
export class ClosedPace implements Pace {
  readonly arrivals = null;
  readonly #launcher: Launcher;
  #clients: number;
  #resting = 0;

  constructor(launcher: Launcher, clients: number) {
    this.#launcher = launcher;
    this.#clients = clients;
  }

  get over(): boolean {
    return this.#clients === 0;
  }

  begin(now: number): void {
    for (let i = 0; i < this.#clients; i++) this.#launcher.start(i === 0 ? now : performance.now());
  }

  ended(connection: Connection, kept: boolean, now: number): boolean {
    if (!this.#launcher.mayStart(now)) {
      this.#clients--;
      return false;
    }
    if (kept) {
      this.#launcher.resume(connection, now);
      return true;
    }
    // A refused connect fails at once: without a pause the client would spin.
    if (connection.connectedAt === 0) this.#resting++;
    else this.#launcher.start(now);
    return false;
  }

  tick(now: number): void {
    for (; this.#resting > 0; this.#resting--) {
      if (this.#launcher.mayStart(now)) this.#launcher.start(now);
      else this.#clients--;
    }
  }

  stop(now: number): void {
    this.tick(now);
  }
}
