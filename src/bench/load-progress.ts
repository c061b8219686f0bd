/** How far a load has come. */
export interface LoadProgress {
  done: number;
  errors: number;
  elapsedMs: number;
  /** 0..1, of the busiest engine thread since its start. */
  utilization: number;
}
