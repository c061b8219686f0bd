/** Limits a control group puts on a process; null = none. */
export interface CgroupLimits {
  /** CPUs by CFS quota, may be fractional. */
  cpus: number | null;
  memoryBytes: number | null;
  source: string;
}

// cgroup v1 writes "no limit" as a number near 2^63, rounded to pages.
const V1_UNLIMITED = 2 ** 60;

/** Reads a file or returns null when it is not there; passed in so that the rules can be tested as values. */
export type ReadText = (path: string) => string | null;

/**
 * The limits of the calling process, cgroup v2 first, then v1; the tightest one on the way up to the root counts.
 * Sources: Linux Documentation/admin-guide/cgroup-v2.rst (cpu.max, memory.max), cgroup-v1/memory.rst, sched-bwc.rst.
 */
export function readCgroupLimits(read: ReadText): CgroupLimits {
  const self = read('/proc/self/cgroup') ?? '';
  const unified = /^0::(\/.*)$/m.exec(self)?.[1];
  if (unified !== undefined && read('/sys/fs/cgroup/cgroup.controllers') !== null)
    return readV2(read, unified);
  return readV1(read, self);
}

function readV2(read: ReadText, path: string): CgroupLimits {
  let cpus: number | null = null;
  let memoryBytes: number | null = null;
  for (const folder of ancestors(path)) {
    const [quota, period] = (read(`/sys/fs/cgroup${folder}/cpu.max`) ?? 'max 100000').trim().split(/\s+/);
    if (quota !== 'max') cpus = tighter(cpus, Number(quota) / Number(period));
    const memory = (read(`/sys/fs/cgroup${folder}/memory.max`) ?? 'max').trim();
    if (memory !== 'max') memoryBytes = tighter(memoryBytes, Number(memory));
  }
  return { cpus, memoryBytes, source: 'cgroup v2' };
}

function readV1(read: ReadText, self: string): CgroupLimits {
  let cpus: number | null = null;
  let memoryBytes: number | null = null;
  for (const folder of ancestors(controllerPath(self, 'cpu'))) {
    const quota = Number(read(`/sys/fs/cgroup/cpu${folder}/cpu.cfs_quota_us`) ?? '-1');
    const period = Number(read(`/sys/fs/cgroup/cpu${folder}/cpu.cfs_period_us`) ?? '100000');
    if (quota > 0) cpus = tighter(cpus, quota / period);
  }
  for (const folder of ancestors(controllerPath(self, 'memory'))) {
    const limit = Number(
      read(`/sys/fs/cgroup/memory${folder}/memory.limit_in_bytes`) ?? String(V1_UNLIMITED),
    );
    if (limit < V1_UNLIMITED) memoryBytes = tighter(memoryBytes, limit);
  }
  return { cpus, memoryBytes, source: 'cgroup v1' };
}

function controllerPath(self: string, controller: string): string {
  for (const line of self.split('\n')) {
    const [, controllers = '', path = '/'] = line.split(':');
    if (controllers.split(',').includes(controller)) return path;
  }
  return '/';
}

// Inside a container the path of the host may be shown and not exist below the mount: the root is always read too.
function ancestors(path: string): string[] {
  const parts = path.split('/').filter(Boolean);
  return parts.map((_, i) => `/${parts.slice(0, parts.length - i).join('/')}`).concat('');
}

function tighter(a: number | null, b: number): number {
  return a === null ? b : Math.min(a, b);
}
