// V8 compiles while the first requests run; their cost is that of the start, not of a request.
const WARM_MS = 1_000;

/** CPU time of this process a request, after the first second. */
export class CpuCost {
  #began = performance.now();
  #from = { ...process.cpuUsage(), done: 0 };
  #warm = false;

  /** So many requests are done. */
  seen(done) {
    if (this.#warm || performance.now() - this.#began < WARM_MS) return;
    this.#warm = true;
    this.#from = { ...process.cpuUsage(), done };
  }

  /** µs. */
  perRequest(done) {
    const { user, system } = process.cpuUsage();
    return (user + system - this.#from.user - this.#from.system) / (done - this.#from.done);
  }
}
