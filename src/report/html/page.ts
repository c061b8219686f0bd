import { compareSection } from './compare-section.js';
import { crossCheckSection } from './cross-check-section.js';
import { environmentSection, errorSection, healthSection } from './facts.js';
import { interferenceSection } from './interference-section.js';
import { jsonBlock } from './json-block.js';
import { html } from './markup.js';
import { sidesSection } from './sides-section.js';
import { soakSection } from './soak-section.js';
import { spectrumSection } from './spectrum-section.js';
import { STYLES } from './styles.js';
import { sweepSection } from './sweep-section.js';
import { timelineSection } from './timeline-section.js';
import type { HtmlInput } from './types.js';
import { verdictCard } from './verdict-card.js';
import { waveSection } from './wave-section.js';

// Nothing is loaded and nothing runs, whatever gets into the page.
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/**
 * One file that holds all of a bench: it needs no network and no script, and every text in it is escaped. The result
 * for programs is in `#deploykit-result`.
 */
export function benchHtml(input: HtmlInput): string {
  const { waveSamples: _, samples: __, ...result } = input;
  const { bench, comparisons = [], sides = [], sweep = bench.sweep } = input;
  const address = `${bench.endpoint.url}${bench.path}`;
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>${bench.partial ? 'PARTIAL' : bench.verdict}: deploykit bench of ${address}</title>${STYLES}</head>
<body><header><span>deploykit bench</span> <span class="address">${address}</span></header>
<main>${verdictCard(input)}
${waveSection(input)}
${sidesSection(sides, comparisons)}
${comparisons.map(compareSection)}
${sweepSection(sweep, bench.s0Ms)}
${spectrumSection(input)}
${timelineSection(input)}
${interferenceSection(bench.interference)}
${soakSection(bench.soak)}
${crossCheckSection(input.crossCheck, bench.throughput)}
${errorSection(input)}
${healthSection(input)}
${environmentSection(input)}</main>
${jsonBlock('deploykit-result', result)}
</body></html>
`;
  return page.toString();
}
