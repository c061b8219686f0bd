import { describe, expect, it } from 'vitest';
import { readCgroupLimits } from '../../src/host/cgroup.js';

const files = (map: Record<string, string>) => (path: string) => map[path] ?? null;

describe('control group limits', () => {
  it('v2: the tightest quota on the way to the root counts', () => {
    const read = files({
      '/proc/self/cgroup': '0::/a/b\n',
      '/sys/fs/cgroup/cgroup.controllers': 'cpu memory',
      '/sys/fs/cgroup/a/b/cpu.max': 'max 100000',
      '/sys/fs/cgroup/a/cpu.max': '150000 100000',
      '/sys/fs/cgroup/a/b/memory.max': '536870912',
      '/sys/fs/cgroup/a/memory.max': 'max',
    });
    expect(readCgroupLimits(read)).toEqual({ cpus: 1.5, memoryBytes: 536_870_912, source: 'cgroup v2' });
  });

  it('v2 in a container: the path of the host is not there, the mount root is', () => {
    const read = files({
      '/proc/self/cgroup': '0::/\n',
      '/sys/fs/cgroup/cgroup.controllers': 'cpu',
      '/sys/fs/cgroup/cpu.max': '50000 100000',
    });
    expect(readCgroupLimits(read).cpus).toBe(0.5);
  });

  it('v1: quota -1 and the huge memory number mean none', () => {
    const read = files({
      '/proc/self/cgroup': '4:memory:/\n3:cpu,cpuacct:/\n0::/\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1',
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712',
    });
    expect(readCgroupLimits(read)).toEqual({ cpus: null, memoryBytes: null, source: 'cgroup v1' });
  });

  it('v1: controllers have paths of their own', () => {
    const read = files({
      '/proc/self/cgroup': '4:memory:/m\n3:cpu,cpuacct:/c\n',
      '/sys/fs/cgroup/cpu/c/cpu.cfs_quota_us': '200000',
      '/sys/fs/cgroup/cpu/c/cpu.cfs_period_us': '100000',
      '/sys/fs/cgroup/memory/m/memory.limit_in_bytes': '1073741824',
    });
    expect(readCgroupLimits(read)).toMatchObject({ cpus: 2, memoryBytes: 1_073_741_824 });
  });

  it('nothing readable: no limit', () => {
    expect(readCgroupLimits(() => null)).toMatchObject({ cpus: null, memoryBytes: null });
  });
});
