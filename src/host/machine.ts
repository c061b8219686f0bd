import { readFileSync } from 'node:fs';
import os from 'node:os';
import type { MachineFacts } from '../plan/types.js';
import { type ReadText, readCgroupLimits } from './cgroup.js';

/** Facts of this machine: online CPUs ∧ affinity ∧ CFS quota, physical memory ∧ cgroup limit, somaxconn. */
export function localFacts(read: ReadText = readText): MachineFacts {
  const limits = readCgroupLimits(read);
  const parallel = os.availableParallelism();
  const cpus = Math.min(parallel, limits.cpus ?? Number.POSITIVE_INFINITY);
  const memoryBytes = Math.min(os.totalmem(), limits.memoryBytes ?? Number.POSITIVE_INFINITY);
  const somaxconn = Number(read('/proc/sys/net/core/somaxconn') ?? '128');
  const source =
    limits.cpus !== null && limits.cpus < parallel ? `${limits.source} quota` : 'CPUs this process may use';
  return { cpus, memoryBytes, somaxconn, source };
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    // Absence is the answer on a system without that file; anything else (EACCES) hides a limit just the same.
    if ((error as NodeJS.ErrnoException).code) return null;
    throw error;
  }
}
