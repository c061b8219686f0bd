import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

// bench.md §5a: from here on a machine counts as limited by its CPU.
const SATURATED = 0.85;
const IDLE_WATCH_MS = 250;

/**
 * Starts a watch while the server is idle; the returned function tells how many cores were spent since on what began
 * since, this process's own left out. On a saturated machine nothing can be told apart, and all busy cores count.
 */
export async function watchBusyCores(): Promise<() => number> {
  const idle = snapshot();
  await sleep(IDLE_WATCH_MS);
  const before = snapshot();
  const others = busySince(idle, before);
  return () => {
    const busy = busySince(before, snapshot());
    return busy >= SATURATED * cpus().length ? busy : Math.max(0, busy - others);
  };
}

interface Snapshot {
  at: number;
  /** CPU time of the whole machine without this process, ms. */
  busyMs: number;
}

function snapshot(): Snapshot {
  const all = cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
  const own = process.cpuUsage();
  return { at: performance.now(), busyMs: all - (own.user + own.system) / 1000 };
}

function busySince(before: Snapshot, after: Snapshot): number {
  return Math.max(0, (after.busyMs - before.busyMs) / (after.at - before.at));
}
