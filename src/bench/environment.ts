/** Where a bench was measured. */
export interface BenchEnvironment {
  /** ISO 8601. */
  date: string;
  /** Kernel and architecture. */
  machine: string;
  cpus: number;
  cpuModel: string;
  memoryBytes: number;
  /** Version of Node.js, which the load generator runs on. */
  node: string;
  /** Kind of the target; null for an address that was given. */
  target: string | null;
}

/** What must be equal for two results to be comparable, and its name. */
const MATTERS: Partial<Record<keyof BenchEnvironment, string>> = {
  machine: 'kernel',
  cpus: 'number of CPUs',
  cpuModel: 'CPU',
  memoryBytes: 'memory',
  node: 'Node.js',
  target: 'target',
};

/** How two environments differ, a sentence each; none when they are alike. */
export function environmentDifferences(saved: BenchEnvironment, now: BenchEnvironment): string[] {
  return Object.entries(MATTERS).flatMap(([key, name]) => {
    const [before, after] = [saved[key as keyof BenchEnvironment], now[key as keyof BenchEnvironment]];
    return before === after ? [] : [`Another ${name} then and now: ${before} and ${after}.`];
  });
}
