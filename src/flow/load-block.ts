import type { BlockLoad, MeasureBlock } from '../bench/compare/types.js';
import { idealMakespanMs } from '../bench/expected.js';
import { runLoad } from '../bench/run-load.js';
import { closedPlan, type Target as LoadTarget } from '../bench/target.js';
import type { Claim } from '../bench/types.js';

const MOST_CLIENTS = 64;
// What waits in the queue of the slower side stays well below the time limit of a request.
const QUEUE_MS = 5000;
// Fewer requests than fill this are no block: chance would decide.
const LEAST_MS = 1000;
// Long enough for several waves of a slow handler, short enough for eleven pairs.
const BLOCK_MS = { least: 2000, services: 3, most: 10_000 };

/** What is known of one side before it is compared. */
interface Known {
  claim: Pick<Claim, 'slots'>;
  s0Ms: number;
}

/**
 * As asked; else as many clients as the larger side has slots, at most 64, and not so many that they wait long on the
 * smaller one. A number of requests that is over in no time is replaced by a time.
 */
export function blockLoad(
  asked: {
    requests?: number | undefined;
    concurrency?: number | undefined;
    durationMs?: number | undefined;
    keepAlive?: boolean | undefined;
  },
  sides: readonly Known[],
): BlockLoad {
  const slots = sides.map(({ claim }) => claim.slots);
  const drained = Math.min(...sides.map(({ claim, s0Ms }) => Math.floor((QUEUE_MS * claim.slots) / s0Ms)));
  const fitting = Math.max(1, Math.min(MOST_CLIENTS, Math.max(...slots), drained));
  const { requests = null, concurrency = Math.min(fitting, requests ?? fitting), keepAlive = false } = asked;
  const { durationMs = null } = asked;
  const shortest = Math.min(
    ...sides.map((side) =>
      idealMakespanMs({ ...side, slots: side.claim.slots, requests: requests ?? 1, concurrency }),
    ),
  );
  const counts = requests !== null && durationMs === null && shortest >= LEAST_MS;
  return { concurrency, keepAlive, requests: counts ? requests : null, durationMs };
}

/** One side of a comparison: warmed by two requests a client, then loaded block by block. */
export function loadBlock(label: string, target: LoadTarget, load: BlockLoad): MeasureBlock {
  const { signal } = target;
  const { concurrency, keepAlive, requests } = load;
  let blockMs = load.durationMs ?? BLOCK_MS.least;
  const run = (count: number | null, durationMs: number | null) =>
    runLoad(closedPlan(target, { requests: count, concurrency, durationMs, keepAlive }), { signal });
  return {
    label,
    warm: async () => {
      const once = await run(2 * concurrency, null);
      const service = once.latency?.p50 ?? once.latency?.mean ?? 0;
      if (load.durationMs === null)
        blockMs = Math.min(BLOCK_MS.most, Math.max(BLOCK_MS.least, BLOCK_MS.services * service));
    },
    measure: () => run(requests, requests === null ? blockMs : null),
  };
}
