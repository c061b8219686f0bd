import type { ComparedSide, CompareResult } from '../../bench/compare/types.js';
import type { CrossCheckResult } from '../../bench/cross-check/types.js';
import type { BenchEnvironment } from '../../bench/environment.js';
import type { JudgedExpectation } from '../../bench/threshold.js';
import type { BenchResult, OpenLoopResult, Samples, SweepResult } from '../../bench/types.js';

/** One request of a wave; ms. */
export interface WaveSample {
  /** Since the first start. */
  startMs: number;
  /** NaN when it never connected. */
  connectMs: number;
  totalMs: number;
}

/** Everything a page can show; what is left out has no section. */
export interface HtmlInput {
  bench: BenchResult;
  comparisons?: readonly CompareResult[];
  /** The sides of the comparisons, what runs last. */
  sides?: readonly ComparedSide[];
  /** Default: the bench's own. */
  sweep?: SweepResult | undefined;
  /** Default: the bench's own. */
  openLoop?: OpenLoopResult | undefined;
  expectations?: readonly JudgedExpectation[] | undefined;
  /** The good answers of the decisive wave; without them the wave is drawn from its counts. */
  waveSamples?: readonly WaveSample[] | undefined;
  /** Of the closed loop; without them there is no timeline, and its spectrum has only the summary's points. */
  samples?: Pick<Samples, 'startMs' | 'totalMs' | 'ok'> | undefined;
  crossCheck?: CrossCheckResult;
  environment: BenchEnvironment;
  /** The command line that measures this again. */
  command: string;
}
