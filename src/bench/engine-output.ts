import type { Columns } from './columns.js';
import type { Arrivals } from './pace.js';

/** What an engine thread hands back; times are `performance.now()` ms of that thread. */
export interface EngineOutput {
  columns: Columns;
  loop: { utilization: number; delayP99Ms: number };
  arrivals: Arrivals | null;
  staleKeepalive: number;
  partial: boolean;
  /** ms since the epoch at which this thread's clock began. */
  timeOrigin: number;
}
