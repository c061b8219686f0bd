import { throwIfAborted } from '../errors.js';
import { MAX_CONNECTIONS } from './limits.js';
import { openFilesLimit } from './open-files.js';
import { type ServiceTime, serviceTime } from './service-time.js';
import { settle } from './settle.js';
import type { WaveResult, WaveRun } from './types.js';
import type { WaveOptions } from './wave-options.js';
import { leftWork, waveRun } from './wave-run.js';
import { waveShape } from './wave-shape.js';
import { waveVerdict } from './wave-verdict.js';

const DEFAULT_REPEATS = 3;
// Runs that prove nothing (a busy machine) may be repeated this often.
const SPARE_RUNS = 2;
const SPARE_FILES = 100;
// A request that takes so much longer than it sleeps waits for the machine: waves cannot be told apart.
const SLOWEST_OF_NOMINAL = 1.5;

/**
 * Proves or refutes that `claim.slots` requests are in service at once: fires slots + m requests at a path of fixed
 * service time; exactly `slots` must end in the first wave and the rest in the next (bench.md §5a). A server that has
 * far fewer slots is recognised by a few requests and is not loaded further.
 * @throws DeploykitError DK_BENCH_NOT_SERVING when the path gives no good answer; DK_INTERRUPTED by the signal.
 */
export async function waveTest(options: WaveOptions): Promise<WaveResult> {
  const { target, claim } = options;
  const service = options.service ?? (await serviceTime(target));
  const shape = waveShape(claim);
  const obstacle = tooBusy(service, options.nominalMs) ?? (await tooManyConnections(shape.sent));
  if (obstacle !== null) return waveVerdict(options, service, [], obstacle);
  const early = await warmUp(options, service.s0Ms);
  const runs = early.length > 0 ? early : await repeat(options, service.s0Ms, shape.sent);
  return waveVerdict(options, service, runs, null);
}

function tooBusy({ s0Ms }: ServiceTime, nominalMs: number | undefined): string | null {
  if (nominalMs === undefined || s0Ms <= nominalMs * SLOWEST_OF_NOMINAL) return null;
  const [slept, took] = [Math.round(nominalMs), Math.round(s0Ms)].map((ms) => ms.toLocaleString('en-US'));
  return `The machine is too busy for the test: a request alone, which sleeps ${slept} ms, took ${took} ms.`;
}

async function tooManyConnections(sent: number): Promise<string | null> {
  if (sent > MAX_CONNECTIONS) {
    return `The test needs ${sent} connections at once; this generator opens at most ${MAX_CONNECTIONS}.`;
  }
  const files = await openFilesLimit();
  if (files === null || files > sent + SPARE_FILES) return null;
  return `The test needs ${sent + SPARE_FILES} open files; this process may have ${files} (raise it: ulimit -n).`;
}

/** Warms every slot, few requests first. Returns runs only when they already refute the claim. */
async function warmUp(options: WaveOptions, s0Ms: number): Promise<WaveRun[]> {
  const { slots, processes } = options.claim;
  const few = Math.min(slots, Math.max(8, 4 * processes));
  const sizes = few < slots ? [few, slots] : [slots];
  for (const sent of sizes) {
    const refuting = await warmWith(options, s0Ms, sent);
    if (refuting.length > 0) return refuting;
  }
  return [];
}

async function warmWith(options: WaveOptions, s0Ms: number, sent: number): Promise<WaveRun[]> {
  const first = await fire(options, s0Ms, sent, `warm-up, ${sent} at once`);
  if (leftWork(first) && !(await settle(options.target, s0Ms))) return [first];
  if (!isFarBelow(first)) return [];
  const second = await fire(options, s0Ms, sent, `again, ${sent} at once`);
  if (leftWork(second)) await settle(options.target, s0Ms);
  return isFarBelow(second) ? [first, second] : [];
}

function isFarBelow(run: WaveRun): boolean {
  return run.verdict === 'FAIL' && (run.waves[0] ?? 0) <= run.sent / 2;
}

async function repeat(options: WaveOptions, s0Ms: number, sent: number): Promise<WaveRun[]> {
  const wanted = options.repeats ?? DEFAULT_REPEATS;
  const runs: WaveRun[] = [];
  // A signal takes the run it meets; those before it are kept.
  const nothingIfAborted = (error: unknown): null => {
    if (options.target.signal?.aborted && runs.length > 0) return null;
    throw error;
  };
  const having = (...verdicts: string[]) => runs.filter((run) => verdicts.includes(run.verdict)).length;
  while (having('PASS', 'FAIL') < wanted && having('FAIL') < 2 && runs.length < wanted + SPARE_RUNS) {
    const run = await fire(options, s0Ms, sent, `${sent} at once`, runs.length + 1, wanted).catch(
      nothingIfAborted,
    );
    if (run === null) break;
    runs.push(run);
    if (leftWork(run) && !(await settle(options.target, s0Ms))) break;
  }
  return runs;
}

async function fire(options: WaveOptions, s0Ms: number, sent: number, what: string, done = 0, total = 0) {
  throwIfAborted(options.target.signal);
  const { run, samples } = await waveRun(options.target, s0Ms, sent, options.claim.slots);
  throwIfAborted(options.target.signal);
  options.onSamples?.(run, samples);
  options.onRun?.(`${what}: ${run.waves.join(', ') || 'none answered'}`, done, total);
  return run;
}
