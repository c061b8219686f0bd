// Enough halvings to reach the last bit that matters: quantiles are below 2^20 for every level in use.
const HALVINGS = 80;
const LARGEST = 1 << 20;

// A comparison asks for the same few quantiles over and over.
const known = new Map<string, number>();

/**
 * The value that Student's t with `df` degrees of freedom stays below with probability `p`.
 * @param p 0.5 <= p < 1.
 * @param df whole, at least 1.
 */
export function studentQuantile(p: number, df: number): number {
  const key = `${p} ${df}`;
  const value = known.get(key) ?? invert(2 * p - 1, df);
  known.set(key, value);
  return value;
}

function invert(inside: number, df: number): number {
  let [low, high] = [0, LARGEST];
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (probabilityWithin(middle, df) < inside) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(|T| < t), the finite series of Abramowitz and Stegun 26.7.3 and 26.7.4. */
function probabilityWithin(t: number, df: number): number {
  const angle = Math.atan(t / Math.sqrt(df));
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const odd = df % 2 === 1;
  let term = odd ? cos : 1;
  let sum = df === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k < df; k += 2) {
    term *= ((k - 1) / k) * cos * cos;
    sum += term;
  }
  return odd ? (2 / Math.PI) * (angle + sin * sum) : sin * sum;
}
