import { errorCount } from './error-words.js';
import type { Finding } from './finding.js';
import { loadFindings } from './load-findings.js';
import { msWords } from './rate-words.js';
import type { ErrorClass, SoakResult } from './types.js';

// Less is within what a machine that does other things as well shows.
const LATENCY_GROWS = 0.25;
const MEMORY_GROWS = 0.1;

/** Where latency and memory went, in sentences. */
export function soakWords(result: Omit<SoakResult, 'explanation'>, askedMs: number): string {
  const { parts, durationMs, latencyTrend, memoryTrend } = result;
  const seconds = (ms: number) => `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  const cut = parts.length < 10 ? ` of ${seconds(askedMs)}` : '';
  const [first, last] = [parts[0], parts.at(-1)];
  const latency =
    latencyTrend === null
      ? 'too short to tell where latency goes'
      : `mean latency ${way(latencyTrend, LATENCY_GROWS)} (${msWords(first?.meanMs ?? 0)} in the first part, ${msWords(last?.meanMs ?? 0)} in the last)`;
  const memory =
    memoryTrend === null
      ? ''
      : `; memory ${way(memoryTrend, MEMORY_GROWS)} (${mebibytes(first?.memory)}, then ${mebibytes(last?.memory)})`;
  return `Over ${seconds(durationMs)}${cut}: ${latency}${memory}.${advice(result)}`;
}

/** What a soak is worth: FAIL when requests failed, or latency or memory grow. */
export function soakFindings(result: SoakResult): Finding[] {
  const { parts, explanation, health } = result;
  const errors: Partial<Record<ErrorClass, number>> = {};
  let sent = 0;
  for (const part of parts) {
    sent += part.requestsPerSecond * (result.durationMs / parts.length / 1000) + errorCount(part.errors);
    for (const [name, count] of Object.entries(part.errors) as [ErrorClass, number][]) {
      errors[name] = (errors[name] ?? 0) + count;
    }
  }
  const grows = isGrowing(result);
  const own: Finding = { verdict: grows ? 'FAIL' : 'PASS', text: explanation };
  return [...loadFindings({ sent: Math.round(sent), errors, health }), own];
}

function isGrowing({ latencyTrend, memoryTrend }: Omit<SoakResult, 'explanation'>): boolean {
  return (latencyTrend ?? 0) >= LATENCY_GROWS || (memoryTrend ?? 0) >= MEMORY_GROWS;
}

function advice(result: Omit<SoakResult, 'explanation'>): string {
  if ((result.memoryTrend ?? 0) >= MEMORY_GROWS) return ' Look for a leak, or set server.max_requests.';
  return isGrowing(result) ? ' Something piles up: a queue, a table, a cache without a bound.' : '';
}

function way(trend: number, matters: number): string {
  if (Math.abs(trend) < matters) return 'held steady';
  return trend > 0 ? `grew by ${Math.round(trend * 100)} %` : `fell by ${Math.round(-trend * 100)} %`;
}

function mebibytes(bytes: number | null | undefined): string {
  return `${((bytes ?? 0) / 1024 ** 2).toFixed(1)} MiB`;
}
