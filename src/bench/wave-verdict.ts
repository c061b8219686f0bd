import type { ServiceTime } from './service-time.js';
import type { VerdictWord, WaveResult, WaveRun } from './types.js';
import { slotsInWords, waveDiagnosis } from './wave-diagnosis.js';
import type { WaveOptions } from './wave-options.js';

/**
 * One result from all runs. All runs that prove something must agree; a claim is refuted by two runs, or by one where
 * the server could not be asked again. `obstacle`: why no run was made at all.
 */
export function waveVerdict(
  options: Pick<WaveOptions, 'target' | 'claim' | 'on' | 'why'>,
  service: ServiceTime,
  runs: WaveRun[],
  obstacle: string | null,
): WaveResult {
  const { claim, on, why } = options;
  const verdict = obstacle === null ? combine(runs) : 'INVALID';
  const decisive = decisiveRun(runs, verdict);
  return {
    path: options.target.path,
    on,
    why,
    s0Ms: service.s0Ms,
    expectedSlots: claim.slots,
    sent: decisive?.sent ?? 0,
    waves: decisive?.waves ?? [],
    runs,
    effectiveConcurrency: verdict === 'PASS' ? claim.slots : (decisive?.waves[0] ?? 0),
    verdict,
    explanation: obstacle ?? explain(options, verdict, runs, decisive),
  };
}

function combine(runs: WaveRun[]): VerdictWord {
  const passes = count(runs, 'PASS');
  const fails = count(runs, 'FAIL');
  if (fails > 0 && passes === 0) return fails >= Math.min(2, runs.length) ? 'FAIL' : 'INCONCLUSIVE';
  if (passes > 0 && fails === 0) return passes > runs.length / 2 ? 'PASS' : 'INCONCLUSIVE';
  return passes + fails === 0 && count(runs, 'INVALID') === runs.length ? 'INVALID' : 'INCONCLUSIVE';
}

/** The first run that shows the verdict; for FAIL the last one: the server was warmest then. */
export function decisiveRun(runs: readonly WaveRun[], verdict: VerdictWord): WaveRun | undefined {
  if (verdict === 'FAIL') return runs.findLast((run) => run.verdict === 'FAIL');
  return runs.find((run) => run.verdict === verdict) ?? runs[0];
}

function explain(
  { claim }: Pick<WaveOptions, 'claim'>,
  verdict: VerdictWord,
  runs: WaveRun[],
  decisive: WaveRun | undefined,
): string {
  if (decisive === undefined) return 'No wave was run.';
  if (verdict === 'PASS') return passed(decisive, claim, count(runs, 'PASS'), runs.length);
  const disagree = count(runs, 'PASS') > 0 && count(runs, 'FAIL') > 0;
  if (verdict === 'INCONCLUSIVE' && disagree) {
    return `The runs do not agree: ${runs.map((run) => `[${run.waves.join(', ')}]`).join(', ')}.`;
  }
  return waveDiagnosis(decisive, claim);
}

function passed(run: WaveRun, claim: WaveOptions['claim'], agreeing: number, all: number): string {
  const rest = run.sent - claim.slots;
  const service =
    claim.slots === 1 ? '1 request was in service' : `${claim.slots} requests were in service at once`;
  return `${service} and the other ${rest} had to wait: exactly ${slotsInWords(claim)} (${agreeing} of ${all} runs agree).`;
}

function count(runs: WaveRun[], verdict: VerdictWord): number {
  return runs.filter((run) => run.verdict === verdict).length;
}
