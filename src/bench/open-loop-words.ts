import type { Finding } from './finding.js';
import { loadFindings } from './load-findings.js';
import { msWords, rateWords } from './rate-words.js';
import type { OpenLoopResult } from './types.js';

// Slower than this share of the rate, the server does not keep up.
const KEEPS_UP = 0.95;
const DROPS_ALLOWED = 0.001;
// A closed loop that shows less than this share of the true p99 hides it.
const HIDES = 0.5;

/** What the latencies of an open loop say, and what another way to measure would have hidden. */
export function openLoopWords(result: Omit<OpenLoopResult, 'explanation'>): string {
  const { latency, closedLoopP99Ms: closed = null } = result;
  if (latency === null) return 'No good answer came.';
  if (latency.p99 === null) {
    return `Mean ${msWords(latency.mean)} from the intended start; ${latency.n} answers are too few for a p99 (1,000).`;
  }
  const own = `p99 is ${msWords(latency.p99)} from the intended start.`;
  if (closed === null || closed >= HIDES * latency.p99) return own;
  return (
    `${own} A closed loop would have shown ${msWords(closed)}: it sends nothing while it waits, so a pause of the ` +
    'server costs it one slow request instead of all that should have come meanwhile.'
  );
}

/** What an open loop is worth: INVALID when the generator fell behind, FAIL when the server did. */
export function openLoopFindings(result: OpenLoopResult): Finding[] {
  const { rate, achieved, sent, dropped, explanation = '' } = result;
  const findings = loadFindings(result);
  const asked = `${rateWords(rate)} requests/s`;
  if (dropped > DROPS_ALLOWED * (sent + dropped) || achieved < KEEPS_UP * rate) {
    const lost =
      dropped > 0 ? `; ${dropped.toLocaleString('en-US')} arrivals found no free connection in time` : '';
    const text = `The server does not keep up with ${asked}: it reached ${rateWords(achieved)}${lost}.`;
    return [...findings, { verdict: 'FAIL', text: `${text} ${explanation}` }];
  }
  return [...findings, { verdict: 'PASS', text: `At ${asked}: ${explanation}` }];
}
