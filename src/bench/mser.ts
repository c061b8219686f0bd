const BATCH = 5;

/**
 * MSER-5: how many values at the beginning of a series belong to its warm-up. Of all cuts in the first half, the one
 * after which the mean of the rest is best known (least squared standard error of the batches of five left).
 * `atLimit`: the best cut is the last one tried, so the series had not settled (bench.md §2, steady state).
 */
export function mser5(values: Float64Array): { drop: number; atLimit: boolean } {
  const batches = Math.floor(values.length / BATCH);
  const last = Math.floor(batches / 2);
  let best = 0;
  let bestError = Number.POSITIVE_INFINITY;
  let sum = 0;
  let squares = 0;
  // From the end, so that each cut costs one addition.
  for (let cut = batches - 1; cut >= 0; cut--) {
    const mean = batchMean(values, cut);
    sum += mean;
    squares += mean * mean;
    const left = batches - cut;
    const error = (squares - (sum * sum) / left) / (left * left);
    if (cut <= last && error <= bestError) [best, bestError] = [cut, error];
  }
  return { drop: best * BATCH, atLimit: best > 0 && best === last };
}

function batchMean(values: Float64Array, batch: number): number {
  let sum = 0;
  for (let i = batch * BATCH; i < (batch + 1) * BATCH; i++) sum += values[i] ?? 0;
  return sum / BATCH;
}
