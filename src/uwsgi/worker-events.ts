/** What a line of uWSGI's log tells of a worker. */
export interface WorkerEvent {
  event: 'worker.died' | 'worker.respawned' | 'worker.harakiri' | 'worker.hung';
  message: string;
}

// core/master.c and core/master_utils.c of uWSGI 2.0.31; the last is deploykit's own watchdog.
const LINES: readonly [pattern: RegExp, event: WorkerEvent['event'], message: (match: string[]) => string][] =
  [
    [
      /^DAMN ! worker (\d+) \(pid: (\d+)\) died(?:, killed by signal (\d+))?/,
      'worker.died',
      ([, worker, pid, signal]) =>
        `worker ${worker} (process ${pid}) died${signal ? ` by signal ${signal}` : ''}`,
    ],
    [
      /^Respawned uWSGI worker (\d+) \(new pid: (\d+)\)/,
      'worker.respawned',
      ([, worker, pid]) => `worker ${worker} is process ${pid} now`,
    ],
    [
      /HARAKIRI ON WORKER (\d+) \(pid: (\d+)/,
      'worker.harakiri',
      ([, worker, pid]) => `worker ${worker} (process ${pid}) took longer than the request timeout`,
    ],
    [
      /^ERROR: worker (\d+) \(pid (\d+)\) hung and was replaced/,
      'worker.hung',
      ([, worker, pid]) => `worker ${worker} (process ${pid}) hung and was replaced`,
    ],
  ];

/** What a line of uWSGI's log tells of a worker, or null. */
export function workerEvent(line: string): WorkerEvent | null {
  for (const [pattern, event, message] of LINES) {
    const match = pattern.exec(line);
    if (match) return { event, message: message(match) };
  }
  return null;
}
