import type { BenchOptions } from './bench-options.js';
import { MAX_CONNECTIONS } from './limits.js';
import { onlyOneClient } from './one-client.js';
import { openFilesLimit } from './open-files.js';
import { openLoopWords } from './open-loop-words.js';
import { runThreaded } from './run-threaded.js';
import { summarize } from './summary.js';
import { openPlan, type Target } from './target.js';
import type { GeneratorHealth, LoadResult, OpenLoopResult, Samples } from './types.js';

const DEFAULT_DURATION_MS = 10_000;
const SPARE_FILES = 100;
// Later than this, and by more than this share of the latency (p99), the generator measured itself.
const LAG_MS = 5;
const LAG_SHARE = 0.1;
const PARTS = 4;
const GROWTH = 2;
const GROWTH_MS = 10;

/**
 * Sends requests at a fixed rate, whatever the server does, and counts latency from when each should have started
 * (bench.md §2, coordinated omission). After the time, answers are still awaited as long as a request may take.
 */
export async function openLoop(
  options: BenchOptions & { rate: number },
  target: Target,
): Promise<{ result: OpenLoopResult; samples: Samples }> {
  const { rate, durationMs = DEFAULT_DURATION_MS, keepAlive = false, workers, onEvent } = options;
  const concurrency = options.concurrency ?? (await connectionsAvailable());
  const text = `${rate} a second`;
  const total = Math.round((rate * durationMs) / 1000);
  onEvent?.({ phase: 'open-loop', text, done: 0, total });
  const plan = openPlan(target, { rate, durationMs, concurrency, keepAlive });
  const run = await runThreaded(plan, {
    signal: target.signal,
    workers,
    onProgress: ({ done }) => onEvent?.({ phase: 'open-loop', text, done, total }),
  });
  return { result: openLoopResult(run, rate, durationMs), samples: run.samples };
}

/** From a run to what a user waits. */
export function openLoopResult(run: LoadResult, rate: number, durationMs: number): OpenLoopResult {
  const { samples, arrivals } = run;
  const waits = samples.startMs.map((start, i) => {
    if (samples.ok[i] !== 1) return Number.NaN;
    return start + (samples.totalMs[i] ?? Number.NaN) - (samples.intendedMs?.[i] ?? start);
  });
  const latency = summarize(waits);
  const measured = {
    rate,
    achieved: reached(run, durationMs, waits),
    durationMs,
    sent: run.sent,
    dropped: arrivals?.dropped ?? 0,
    latency,
    service: run.latency,
    errors: run.errors,
    health: withLag(run.health, arrivals?.lagP99Ms ?? 0, latency?.p99 ?? latency?.mean ?? 0),
    closedLoopP99Ms: onlyOneClient(samples)?.p99 ?? null,
  };
  return { ...measured, explanation: openLoopWords(measured) };
}

/** Good answers over the time they took. The last ones come after the end, and count as in time unless a backlog grew. */
function reached(run: LoadResult, durationMs: number, waits: Float64Array): number {
  const spent = run.partial || backlogGrew(waits) ? run.makespanMs : durationMs;
  return spent > 0 ? (run.ok / spent) * 1000 : 0;
}

/** At the end even the luckiest request waited; pauses of a server that keeps up leave some requests fast. */
function backlogGrew(waits: Float64Array): boolean {
  const part = Math.ceil(waits.length / PARTS);
  const least = (values: Float64Array) =>
    values.reduce(
      (min, value) => (Number.isNaN(value) ? min : Math.min(min, value)),
      Number.POSITIVE_INFINITY,
    );
  return least(waits.subarray(-part)) > GROWTH * least(waits.subarray(0, part)) + GROWTH_MS;
}

function withLag(health: GeneratorHealth, lagMs: number, latencyMs: number): GeneratorHealth {
  if (lagMs < LAG_MS) return health;
  const text = `the load generator started requests up to ${lagMs.toFixed(1)} ms late (p99)`;
  if (lagMs >= LAG_SHARE * latencyMs)
    return { ...health, problems: [...health.problems, `${text}: it fell behind`] };
  return { ...health, warnings: [...health.warnings, text] };
}

async function connectionsAvailable(): Promise<number> {
  const files = (await openFilesLimit()) ?? MAX_CONNECTIONS;
  return Math.max(1, Math.min(MAX_CONNECTIONS, files - SPARE_FILES));
}
