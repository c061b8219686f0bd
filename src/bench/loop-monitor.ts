import {
  type EventLoopUtilization,
  type IntervalHistogram,
  monitorEventLoopDelay,
  performance,
} from 'node:perf_hooks';

const RESOLUTION_MS = 10;

/** What the event loop of this thread did between construction and `read()`. */
export class LoopMonitor {
  readonly #delay: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #before: EventLoopUtilization = performance.eventLoopUtilization();

  constructor() {
    this.#delay.enable();
  }

  /** 0..1 until now. */
  get utilization(): number {
    return performance.eventLoopUtilization(this.#before).utilization;
  }

  /** `utilization` 0..1; `delayP99Ms` beyond the timer's own resolution. Ends the watch. */
  read(): { utilization: number; delayP99Ms: number } {
    this.#delay.disable();
    const { utilization } = this;
    return { utilization, delayP99Ms: Math.max(0, this.#delay.percentile(99) / 1e6 - RESOLUTION_MS) };
  }
}
