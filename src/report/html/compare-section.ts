import type { BlockLoad, CompareResult } from '../../bench/compare/types.js';
import { counted } from '../numbers.js';
import { figure, type LegendEntry } from './figure.js';
import { html, type Markup } from './markup.js';
import { prose } from './prose.js';
import { drawRatios } from './ratio-chart.js';
import { section } from './section.js';
import { badge } from './verdict-badge.js';

/** Two deployments compared: each pair's ratio, the interval, the threshold. */
export function compareSection(compare: CompareResult, index: number): Markup {
  const { labels, verdict, reasons, pairs } = compare;
  const [main = '', ...others] = reasons;
  return section(
    `compare-${index + 1}`,
    `${labels.b} against ${labels.a}`,
    html`${badge(verdict)} ${prose(main)}`,
    [
      others.map((text) => html`<p class="note">${prose(text)}</p>`),
      pairs.length === 0
        ? null
        : figure((width) => drawRatios(compare, `ratio-${index + 1}`, width), legend(compare)),
      html`<p class="note">${prose(method(compare))}</p>`,
    ],
  );
}

function legend({ confidence, theta, low }: CompareResult): LegendEntry[] {
  const entries: LegendEntry[] = [{ mark: 'dot0', shape: 'dot', text: 'a pair of loads' }];
  if (low !== null)
    entries.push({ mark: 'interval', shape: 'line', text: `${Math.round(confidence * 100)} % interval` });
  entries.push({ mark: 'mark', shape: 'dash', text: 'equally fast' });
  if (theta !== 1) entries.push({ mark: 'bound-cpu', shape: 'dash', text: `asked for: ${theta} ×` });
  return entries;
}

function method({ labels, base, load, order, mde, redone, partial }: CompareResult): string {
  const turns = `loaded one at a time in the order ${order || 'ABBA'}.`;
  const parts = [
    base === 'live'
      ? `A is ${labels.a}, B is ${labels.b}, ${turns}`
      : `${labels.a} was measured earlier; only ${labels.b} was loaded now.`,
    ...(load ? [`${load.concurrency} clients, ${blockText(load)} a block.`] : []),
  ];
  if (mde !== null)
    parts.push(`A change of ${(mde * 100).toFixed(1)} % or more is found four times of five.`);
  if (redone > 0) parts.push(`${redone} ${redone === 1 ? 'block was' : 'blocks were'} measured again.`);
  if (partial) parts.push('Interrupted: only the complete pairs are shown.');
  return parts.join(' ');
}

function blockText({ requests }: BlockLoad): string {
  return requests === null ? 'a fixed time' : counted(requests, 'request');
}
