import type { WaveResult } from '../bench/types.js';
import { whole } from './numbers.js';
import type { Style } from './style.js';

const MAX_BARS = 4;

interface Bar {
  label: string;
  count: number;
  served: boolean;
}

/**
 * One bar a wave, its length the share of all requests sent:
 * `wave 1  ████████████████████ 200`. Requests nobody served are a light bar at the end.
 */
export function waveBars(wave: Pick<WaveResult, 'sent' | 'waves'>, width: number, paint: Style): string[] {
  const bars = barsOf(wave);
  const labels = Math.max(...bars.map(({ label }) => label.length));
  const counts = Math.max(...bars.map(({ count }) => whole(count).length));
  const room = Math.max(8, width - labels - counts - 3);
  return bars.map(({ label, count, served }, i) => {
    const length = count === 0 ? 0 : Math.max(1, Math.round((count / wave.sent) * room));
    const bar = served ? '█'.repeat(length) : paint.dim('░'.repeat(length));
    const coloured = served && i === 0 ? paint.good(bar) : bar;
    return `${paint.dim(label.padEnd(labels))}  ${coloured}${coloured === '' ? '' : ' '}${whole(count)}`;
  });
}

function barsOf({ sent, waves }: Pick<WaveResult, 'sent' | 'waves'>): Bar[] {
  const bars = waves.slice(0, MAX_BARS).map((count, i) => ({ label: `wave ${i + 1}`, count, served: true }));
  const later = sum(waves.slice(MAX_BARS));
  if (later > 0) bars.push({ label: 'later', count: later, served: true });
  const unserved = sent - sum(waves);
  if (unserved > 0) bars.push({ label: 'not served', count: unserved, served: false });
  return bars;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
