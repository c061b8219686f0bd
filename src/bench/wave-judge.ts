import { errorCount } from './error-words.js';
import type { GeneratorHealth, VerdictWord, WaveRun } from './types.js';

interface Evidence {
  health: GeneratorHealth;
  s0Ms: number;
  slots: number;
  expected: number[];
  /** Answers within a tenth of a service time of the border between two waves. */
  betweenWaves: number;
}

type Measured = Pick<WaveRun, 'waves' | 'errors' | 'maxConnectMs' | 'connectedInTime'>;

// bench.md §5a, validity: connects below half a service time, loop delay below a tenth of it.
const CONNECT_OF_S0 = 0.5;
const DELAY_OF_S0 = 0.1;

/** What one wave proves: PASS when the waves are as expected, FAIL when they are not, else why it proves nothing. */
export function judgeWave(run: Measured, evidence: Evidence): Pick<WaveRun, 'verdict' | 'invalid'> {
  const generator = generatorFaults(run, evidence);
  if (generator.length > 0) return { verdict: 'INVALID', invalid: generator };
  if (errorCount(run.errors) > 0) return { verdict: 'FAIL', invalid: [] };
  const doubts = serverDoubts(run, evidence);
  const verdict: VerdictWord = sameWaves(run.waves, evidence.expected) ? 'PASS' : 'FAIL';
  return doubts.length > 0 ? { verdict: 'INCONCLUSIVE', invalid: doubts } : { verdict, invalid: [] };
}

function generatorFaults(run: Measured, { health, s0Ms }: Evidence): string[] {
  const faults: string[] = [];
  const local = run.errors.local_exhaustion ?? 0;
  if (local > 0) faults.push(`${local} requests found no free socket or port on this machine`);
  if (health.loopDelayP99Ms >= DELAY_OF_S0 * s0Ms) {
    faults.push(
      `the load generator was late by ${ms(health.loopDelayP99Ms)}, a tenth of the service time or more`,
    );
  }
  return faults;
}

function serverDoubts(run: Measured, evidence: Evidence): string[] {
  const { s0Ms, slots, expected, betweenWaves } = evidence;
  const doubts: string[] = [];
  const first = run.waves[0] ?? 0;
  // Requests that were connected in time and still not served prove the missing slots, however slow the others.
  const slotsMissing = first < slots && run.connectedInTime > first;
  if (run.maxConnectMs >= CONNECT_OF_S0 * s0Ms && !slotsMissing) {
    doubts.push(`connecting took up to ${ms(run.maxConnectMs)}: the listen queue was full`);
  }
  if (betweenWaves > 0 && Math.abs(first - (expected[0] ?? 0)) <= betweenWaves) {
    doubts.push(`${betweenWaves} answers came between two waves: the machine is too busy to tell them apart`);
  }
  return doubts;
}

function sameWaves(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((count, i) => count === b[i]);
}

function ms(value: number): string {
  return `${Math.round(value)} ms`;
}
