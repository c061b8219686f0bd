import type { CompareResult } from '../../bench/compare/types.js';
import type { JudgedExpectation } from '../../bench/threshold.js';
import type { BenchResult } from '../../bench/types.js';
import { claimText } from '../claim-text.js';
import { counted, milliseconds, percent, rate, whole } from '../numbers.js';
import { html, type Markup } from './markup.js';
import { prose } from './prose.js';
import type { HtmlInput } from './types.js';
import { badge } from './verdict-badge.js';

interface Tile {
  name: string;
  value: string;
  remark: string;
}

/** The answer first: the word, its sentences, expected against measured, and how to measure it again. */
export function verdictCard(input: HtmlInput): Markup {
  const { bench, command, expectations = [] } = input;
  const [main = '', ...others] = bench.reasons;
  return html`<section class="card ${bench.verdict.toLowerCase()}" aria-labelledby="verdict"><h1 id="verdict">${badge(bench.verdict)}${bench.partial ? html` <span class="badge partial">PARTIAL</span>` : null} <span>${prose(main)}</span></h1>${others.map(
    (text) => html`<p>${prose(text)}</p>`,
  )}<dl class="tiles">${tilesOf(input).map(tile)}</dl>${expectationList(expectations)}<p class="name">Measure it again</p><pre><code>${command}</code></pre></section>`;
}

function tile({ name, value, remark }: Tile): Markup {
  return html`<div><dt>${name}</dt><dd><strong>${value}</strong><span>${prose(remark)}</span></dd></div>`;
}

function tilesOf({ bench, comparisons = [] }: HtmlInput): Tile[] {
  return [slotsTile(bench), ...throughputTiles(bench), ...comparisons.flatMap(ratioTile)];
}

function slotsTile({ wave, claim }: BenchResult): Tile {
  const atLeast = wave?.verdict === 'INCONCLUSIVE' ? '≥ ' : '';
  return {
    name: 'In service at once',
    value: wave === null ? 'not measured' : `${atLeast}${whole(wave.effectiveConcurrency)}`,
    remark: `expected ${counted(claim.slots, 'slot')}: ${claimText(claim)}`,
  };
}

function throughputTiles({ throughput, s0Ms }: BenchResult): Tile[] {
  if (throughput === null) return [];
  const { requestsPerSecond, ideal, efficiency, requests, concurrency } = throughput;
  const load = `${counted(requests, 'request')}, ${whole(concurrency)} at a time`;
  return [
    {
      name: 'Requests/s',
      value: rate(requestsPerSecond),
      remark: `${rate(ideal)} if only slots counted; ${load}`,
    },
    {
      name: 'Efficiency',
      value: percent(efficiency),
      remark: `of what the slots allow; unloaded ${milliseconds(s0Ms)}`,
    },
  ];
}

function ratioTile({ ratio, low, high, confidence, labels }: CompareResult): Tile[] {
  if (ratio === null) return [];
  const bounds =
    low === null || high === null
      ? ''
      : `, ${Math.round(confidence * 100)} % interval ${low.toFixed(2)} to ${high.toFixed(2)}`;
  return [{ name: 'Ratio', value: `${ratio.toFixed(2)} ×`, remark: `${labels.b} over ${labels.a}${bounds}` }];
}

function expectationList(expectations: readonly JudgedExpectation[]): Markup | null {
  if (expectations.length === 0) return null;
  const word = (ok: boolean | null) => (ok === null ? 'not decided' : ok ? 'kept' : 'broken');
  const mark = (ok: boolean | null) => (ok === null ? 'inconclusive' : ok ? 'pass' : 'fail');
  return html`<p class="name">Expectations</p><ul class="expectations">${expectations.map(
    ({ text, measured, ok }) =>
      html`<li><span class="word ${mark(ok)}">${word(ok)}</span> <code>${text}</code> <span class="measured">${measured}</span></li>`,
  )}</ul>`;
}
