import type { CompareResult } from '../../bench/compare/types.js';
import { figure, type LegendEntry } from './figure.js';
import { html, type Markup } from './markup.js';
import { prose } from './prose.js';
import { drawRatios } from './ratio-chart.js';
import { section } from './section.js';
import { badge } from './verdict-badge.js';

/** Two deployments compared: each pair's ratio, the interval, the threshold. */
export function compareSection(compare: CompareResult | undefined): Markup | null {
  if (compare === undefined) return null;
  const { labels, verdict, reasons, pairs } = compare;
  const [main = '', ...others] = reasons;
  return section('compare', `${labels.b} against ${labels.a}`, html`${badge(verdict)} ${prose(main)}`, [
    others.map((text) => html`<p class="note">${prose(text)}</p>`),
    pairs.length === 0 ? null : figure((width) => drawRatios(compare, width), legend(compare)),
    html`<p class="note">${prose(method(compare))}</p>`,
  ]);
}

function legend({ confidence, theta, low }: CompareResult): LegendEntry[] {
  const entries: LegendEntry[] = [{ mark: 'dot0', shape: 'dot', text: 'a pair of loads' }];
  if (low !== null)
    entries.push({ mark: 'interval', shape: 'line', text: `${Math.round(confidence * 100)} % interval` });
  entries.push({ mark: 'mark', shape: 'dash', text: 'equally fast' });
  if (theta !== 1) entries.push({ mark: 'bound-cpu', shape: 'dash', text: `asked for: ${theta} ×` });
  return entries;
}

function method({ labels, order, mde, redone, partial }: CompareResult): string {
  const parts = [`A is ${labels.a}, B is ${labels.b}, loaded one at a time in the order ${order || 'ABBA'}.`];
  if (mde !== null)
    parts.push(`A change of ${(mde * 100).toFixed(1)} % or more is found four times of five.`);
  if (redone > 0) parts.push(`${redone} ${redone === 1 ? 'block was' : 'blocks were'} measured again.`);
  if (partial) parts.push('Interrupted: only the complete pairs are shown.');
  return parts.join(' ');
}
