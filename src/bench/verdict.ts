import type { Finding } from './finding.js';
import { loadFindings } from './load-findings.js';
import { pathLimit } from './path-limit.js';
import { rateWords as rate } from './rate-words.js';
import type { Claim, ThroughputResult, VerdictWord, WaveResult } from './types.js';
import type { WavePhase } from './wave-phase.js';

// The worst finding decides; a refuted claim is worse than an unproven one.
const ORDER: VerdictWord[] = ['FAIL', 'INVALID', 'INCONCLUSIVE', 'PASS'];

/** Everything a verdict rests on; null = not asked for. */
export interface Evidence {
  claim: Claim;
  s0Ms: number;
  wave: WavePhase | null;
  throughput: ThroughputResult | null;
  /** Why there is no throughput although it was asked for. */
  noThroughput: string | null;
  /** Of other loads than the closed loop. */
  findings: Finding[];
  /** Facts the reader needs to understand the numbers. */
  notes: string[];
}

/** One word and its sentences, the decisive ones first. */
export function benchVerdict(evidence: Evidence): { verdict: VerdictWord; reasons: string[] } {
  const findings = [...waveFindings(evidence), ...throughputFindings(evidence), ...evidence.findings];
  findings.sort((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict));
  return {
    verdict: findings[0]?.verdict ?? 'INCONCLUSIVE',
    reasons: [...findings.map(({ text }) => text), ...notesOf(evidence)],
  };
}

function notesOf({ wave, throughput, notes }: Evidence): string[] {
  const from = throughput?.reducedFrom ?? null;
  return [
    ...(wave === null ? ['The wave test was left out: the slots are not proven.'] : []),
    ...(from === null ? [] : [fewerClients(from)]),
    ...notes,
  ];
}

function fewerClients({
  concurrency,
  requestsPerSecond,
}: NonNullable<ThroughputResult['reducedFrom']>): string {
  const reached = `With ${concurrency} clients at least ${rate(requestsPerSecond)} requests/s were served`;
  return `${reached}; the load generator was the limit there, so fewer clients were taken.`;
}

function waveFindings({ wave }: Evidence): Finding[] {
  if (wave === null) return [];
  if (wave.result === null) return [{ verdict: 'INCONCLUSIVE', text: wave.why }];
  return [{ verdict: wave.result.verdict, text: `${wave.result.explanation}${elsewhere(wave.result)}` }];
}

function elsewhere({ on, why }: WaveResult): string {
  return on === 'user-path' ? '' : ` Measured on a verification instance of the same deployment: ${why}.`;
}

function throughputFindings(evidence: Evidence): Finding[] {
  const { throughput, noThroughput } = evidence;
  if (noThroughput !== null) return [{ verdict: 'INCONCLUSIVE', text: noThroughput }];
  if (throughput === null) return [];
  const findings = loadFindings({ ...throughput, sent: throughput.requests });
  const failed = findings.some(({ verdict }) => verdict === 'FAIL');
  return failed ? findings : [...findings, pace(evidence, throughput)];
}

function pace({ claim, s0Ms, wave }: Evidence, throughput: ThroughputResult): Finding {
  const { requestsPerSecond, concurrency, efficiency, ideal } = throughput;
  // Where the wave test refuted the claim on this very path, it has named the cause already.
  const explained = wave?.result?.on === 'user-path' && wave.result.verdict === 'FAIL';
  const limit = explained ? null : pathLimit(throughput, claim, s0Ms);
  if (limit !== null) return { verdict: limit.kind === 'blocked' ? 'FAIL' : 'PASS', text: limit.text };
  const share = `${Math.round(efficiency * 100)} % of the ${rate(ideal)} the slots allow`;
  return {
    verdict: 'PASS',
    text: `${rate(requestsPerSecond)} requests/s at ${concurrency} clients: ${share}.`,
  };
}
