/** What deploykit reads of uWSGI's stats document (core/master_utils.c, uwsgi_master_generate_stats). */
export interface StatsSummary {
  version: string;
  /** Of the master. */
  pid: number;
  workers: number;
  /** Of the workers that run, as their own machine or container counts; the busiest first. */
  workerPids: number[];
  /** Workers whose application is loaded. */
  ready: number;
  /** Of the gevent workers those whose hub has not run for 5 s; what counts as hung in the end is the plan's. */
  hung: number;
  slots: number;
  /** Slots with a request in service. */
  busy: number;
  requests: number;
  exceptions: number;
  restarts: number;
  queue: number;
  queueMax: number;
  sockets: string[];
}

interface RawStats {
  version: string;
  pid: number;
  sockets: { name: string; queue: number; max_queue: number }[];
  workers: {
    pid: number;
    status: string;
    /** Said by probe.py, not by uWSGI. */
    hung?: boolean;
    requests: number;
    exceptions: number;
    respawn_count: number;
    apps: unknown[];
    cores?: { in_request: number }[];
  }[];
}

/** Counts over all workers that run. @throws SyntaxError when the document is cut or not JSON. */
export function summarizeStats(json: string): StatsSummary {
  const raw = JSON.parse(json) as RawStats;
  const running = raw.workers.filter((worker) => worker.pid > 0 && worker.status !== 'cheap');
  const cores = running.flatMap((worker) => worker.cores ?? []);
  const busyOf = (worker: RawStats['workers'][number]): number =>
    sum((worker.cores ?? []).map((core) => core.in_request));
  const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
  return {
    version: raw.version,
    pid: raw.pid,
    workers: running.length,
    workerPids: [...running].sort((a, b) => busyOf(b) - busyOf(a)).map(({ pid }) => pid),
    ready: running.filter((worker) => worker.apps.length > 0).length,
    hung: running.filter((worker) => worker.hung).length,
    slots: cores.length,
    busy: sum(cores.map((core) => core.in_request)),
    requests: sum(raw.workers.map((worker) => worker.requests)),
    exceptions: sum(raw.workers.map((worker) => worker.exceptions)),
    restarts: sum(running.map((worker) => Math.max(0, worker.respawn_count - 1))),
    queue: sum(raw.sockets.map((socket) => socket.queue)),
    queueMax: Math.max(0, ...raw.sockets.map((socket) => socket.max_queue)),
    sockets: raw.sockets.map((socket) => socket.name),
  };
}

/**
 * The later of two samples, and the requests that ended between them a second.
 * @param json what `probe.py sample` prints: `seconds` between, and both documents.
 */
export function summarizeSamples(json: string): { stats: StatsSummary; requestsPerSecond: number } {
  const { seconds, stats } = JSON.parse(json) as { seconds: number; stats: [unknown, unknown] };
  const [first, second] = stats.map((document) => summarizeStats(JSON.stringify(document)));
  if (!first || !second) throw new SyntaxError('two samples are expected');
  return { stats: second, requestsPerSecond: requestRate(first, second, seconds) };
}

/** Requests a second between two samples; a reload in between starts the count anew, which counts as none. */
export function requestRate(first: StatsSummary, second: StatsSummary, seconds: number): number {
  return Math.max(0, second.requests - first.requests) / seconds;
}
