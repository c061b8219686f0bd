import { summarize } from '../summary.js';
import type { LatencySummary, LoadResult } from '../types.js';

/** The good answers of several loads. Percentiles are never averaged: they are those of all answers together. */
export class PooledLatency {
  readonly #parts: Float64Array[] = [];

  add({ samples }: Pick<LoadResult, 'samples'>): void {
    this.#parts.push(samples.totalMs.filter((_, i) => samples.ok[i] === 1));
  }

  summary(): LatencySummary | null {
    const all = new Float64Array(this.#parts.reduce((sum, part) => sum + part.length, 0));
    let end = 0;
    for (const part of this.#parts) {
      all.set(part, end);
      end += part.length;
    }
    return summarize(all);
  }
}
