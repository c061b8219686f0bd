import { DeploykitError } from '../../errors.js';
import { blockProblems } from './block-problems.js';
import { compareRuns } from './compare-runs.js';
import { geometricMean } from './geometric-mean.js';
import { lookConfidence, PAIRS_A_STEP, type PairBudget } from './looks.js';
import { pairOrder } from './order.js';
import { PooledLatency } from './pooled-latency.js';
import type { BlockLoad, ComparedPair, CompareResult, MeasureBlock, SavedBlock } from './types.js';

const MAX_PAIRS = 50;
const DEFAULT_BUDGET: PairBudget = { first: 3, most: 11 };
const SAVED_NOTE =
  'The base is a saved run and was not loaded in turn: what changed on the machine since then is part of the ratio.';

export interface CompareOptions {
  /** The ratio b/a that is asked for. Default 1: "not slower". */
  theta?: number;
  /** Default: 3 pairs, extended by 2 up to 11 while nothing is decided. */
  pairs?: PairBudget;
  /** What each block is, for the result. */
  load?: BlockLoad;
  /** Why nothing can be decided whatever is measured, as sentences: a saved base from another machine. */
  doubts?: readonly string[];
  /** Ends it after the block in work; the result is then partial. */
  signal?: AbortSignal;
  /** Called after each block that counted. */
  onBlock?: (block: { label: string; pair: number; most: number; requestsPerSecond: number }) => void;
}

type Side = 'a' | 'b';

interface Run {
  sides: { a: MeasureBlock | SavedBlock; b: MeasureBlock };
  options: CompareOptions;
  budget: PairBudget;
  pairs: Omit<ComparedPair, 'ratio'>[];
  latency: Record<Side, PooledLatency>;
  redone: number;
  invalid: string[];
}

/**
 * Loads both sides in turn, one at a time, in the order ABBA BAAB …, until the verdict is known or the pairs are used
 * up. A block that does not count (generator at its limit, errors, drift) is measured once more; when it fails again
 * the result is INVALID and says why. Against a saved base only `b` is loaded.
 * @throws DeploykitError DK_USAGE for pairs or a ratio out of bounds; whatever `measure` and `warm` throw.
 */
export async function compare(
  a: MeasureBlock | SavedBlock,
  b: MeasureBlock,
  options: CompareOptions = {},
): Promise<CompareResult> {
  const budget = budgetOf(options);
  checkOptions(budget, options.theta ?? 1);
  const latency = { a: new PooledLatency(), b: new PooledLatency() };
  const run: Run = { sides: { a, b }, options, budget, pairs: [], latency, redone: 0, invalid: [] };
  for (const side of [a, b]) if ('warm' in side && !options.signal?.aborted) await side.warm();
  for (let upTo = budget.first; ; upTo = Math.min(upTo + PAIRS_A_STEP, budget.most)) {
    const complete = await measurePairs(run, upTo);
    const result = judge(run, !complete && run.invalid.length === 0);
    if (!complete || result.verdict !== 'INCONCLUSIVE' || upTo >= budget.most) return result;
  }
}

/** False when it ended early: by the signal, or because a block did not count twice. */
async function measurePairs(run: Run, upTo: number): Promise<boolean> {
  const { a } = run.sides;
  while (run.pairs.length < upTo) {
    const saved = 'requestsPerSecond' in a;
    const order = saved ? 'B' : pairOrder(run.pairs.length);
    const values: Record<Side, number> = { a: saved ? geometricMean(a.requestsPerSecond) : 0, b: 0 };
    for (const side of order.toLowerCase() as Iterable<Side>) {
      const speed = await measureBlock(run, side);
      if (speed === null) return false;
      values[side] = speed;
    }
    run.pairs.push({ ...values, order });
  }
  return true;
}

/** Requests/s; null when it ended early. */
async function measureBlock(run: Run, side: Side): Promise<number | null> {
  const block = run.sides[side];
  if (!('measure' in block)) return null;
  let problems: string[] = [];
  for (const attempt of [1, 2]) {
    if (run.options.signal?.aborted) return null;
    const result = await block.measure();
    if (result.partial) return null;
    problems = blockProblems(result);
    if (problems.length === 0) {
      const { requestsPerSecond } = result;
      const [pair, most] = [run.pairs.length + 1, run.budget.most];
      run.latency[side].add(result);
      run.options.onBlock?.({ label: block.label, pair, most, requestsPerSecond });
      return requestsPerSecond;
    }
    if (attempt === 1) run.redone++;
  }
  run.invalid = problems.map((text) => `${block.label}, measured twice: ${text}`);
  return null;
}

function judge({ sides, options, budget, pairs, latency, redone, invalid }: Run, partial: boolean) {
  return compareRuns(pairs, {
    labels: { a: sides.a.label, b: sides.b.label },
    confidence: lookConfidence(budget),
    ...(options.theta === undefined ? {} : { theta: options.theta }),
    invalid,
    ...(options.load === undefined ? {} : { load: options.load }),
    ...(options.doubts === undefined ? {} : { doubts: options.doubts }),
    ...('requestsPerSecond' in sides.a ? { saved: sides.a.requestsPerSecond, notes: [SAVED_NOTE] } : {}),
    latency: {
      a: 'requestsPerSecond' in sides.a ? sides.a.latency : latency.a.summary(),
      b: latency.b.summary(),
    },
    redone,
    partial,
  });
}

/** More pairs cannot remove a doubt. */
function budgetOf({ pairs = DEFAULT_BUDGET, doubts = [] }: CompareOptions): PairBudget {
  return doubts.length > 0 ? { first: pairs.first, most: pairs.first } : pairs;
}

function checkOptions({ first, most }: PairBudget, theta: number): void {
  const whole = Number.isInteger(first) && Number.isInteger(most);
  if (!whole || first < 2 || most < first || most > MAX_PAIRS) {
    throw new DeploykitError('DK_USAGE', `a comparison of ${first} to ${most} pairs is not possible`, {
      hint: `Ask for at least 2 pairs and at most ${MAX_PAIRS}.`,
    });
  }
  if (!(theta > 0 && theta < Number.POSITIVE_INFINITY)) {
    throw new DeploykitError('DK_USAGE', `the ratio asked for is ${theta}; expected a number above 0`);
  }
}
