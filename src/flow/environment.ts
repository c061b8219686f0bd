import os from 'node:os';
import type { BenchEnvironment } from '../bench/environment.js';

/** This machine, as a result names it. @param target kind of the target; null for an address given. */
export function benchEnvironment(target: string | null): BenchEnvironment {
  return {
    date: new Date().toISOString(),
    machine: `${os.type()} ${os.release()}, ${os.arch()}`,
    cpus: os.availableParallelism(),
    cpuModel: os.cpus()[0]?.model ?? 'unknown',
    memoryBytes: os.totalmem(),
    node: process.version,
    target,
  };
}
