import type { ServiceTime } from './service-time.js';
import type { Target } from './target.js';
import type { Claim, Samples, WaveResult, WaveRun } from './types.js';

/** One wave test. */
export interface WaveOptions {
  target: Target;
  claim: Claim;
  on: WaveResult['on'];
  why: string;
  /** Measured if not given. */
  service?: ServiceTime | undefined;
  /** What a request of the path takes by its own account, where that is known; ms. */
  nominalMs?: number | undefined;
  /** Runs that must agree; default 3. */
  repeats?: number | undefined;
  onRun?: ((text: string, done: number, total: number) => void) | undefined;
  /** The raw samples of every run, warm-up included. */
  onSamples?: ((run: WaveRun, samples: Samples) => void) | undefined;
}
