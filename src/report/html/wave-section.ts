import type { WaveResult } from '../../bench/types.js';
import { counted, milliseconds, whole } from '../numbers.js';
import { barRows } from './bar-rows.js';
import { figure } from './figure.js';
import { html, type Markup } from './markup.js';
import { section } from './section.js';
import type { HtmlInput } from './types.js';
import { wavePlot } from './wave-plot.js';

const MAX_ROWS = 6;

/** How many requests were in service at once, drawn from the requests themselves where they are known. */
export function waveSection({ bench, waveSamples }: Pick<HtmlInput, 'bench' | 'waveSamples'>): Markup | null {
  const { wave } = bench;
  if (wave === null) return null;
  const drawn =
    waveSamples === undefined || waveSamples.length === 0 ? countBars(wave) : wavePlot(wave, waveSamples);
  return section('waves', 'Wave test', lead(wave), [drawn, runsLine(wave)]);
}

function lead({ sent, s0Ms, on, path }: WaveResult): string {
  const where = on === 'user-path' ? path : `${path} of a verification instance`;
  const what = `${counted(sent, 'request')} to ${where} were started at the same moment; each takes ${milliseconds(s0Ms)}.`;
  return `${what} What is done after one such time was in service at once; the rest had to wait for a free slot.`;
}

function countBars({ sent, waves }: WaveResult): Markup {
  const counts = waves
    .slice(0, MAX_ROWS)
    .map((count, i) => ({ label: `wave ${i + 1}`, count, mark: `fill${i % 3}` }));
  const later = sum(waves.slice(MAX_ROWS));
  if (later > 0) counts.push({ label: 'later', count: later, mark: 'fill-connect' });
  const unserved = sent - sum(waves);
  if (unserved > 0) counts.push({ label: 'not served', count: unserved, mark: 'fill-bad' });
  const rows = counts.map(({ label, count, mark }) => ({ label, size: count, value: whole(count), mark }));
  return figure((width) => barRows(rows, width, { id: 'wave', title: 'Requests a wave' }, sent));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function runsLine({ runs }: WaveResult): Markup | null {
  if (runs.length === 0) return null;
  const texts = runs.map(({ waves }) => waves.map(whole).join(' + ') || 'none answered');
  return html`<p class="note">Answers a wave in each run: ${texts.join(' · ')}</p>`;
}
