import type { BenchResult, SweepPoint, SweepResult } from '../bench/types.js';
import { milliseconds, rate } from './numbers.js';
import { heading, row } from './rows.js';
import type { Style } from './style.js';

const MIN_BAR = 8;

/** Throughput over concurrency as bars, then the bounds. */
export function sweepBlock({ sweep }: BenchResult, width: number, paint: Style): string[] {
  if (sweep === undefined) return [];
  return [
    ...heading('Sweep', 'requests/s and mean latency over concurrency', width, paint),
    ...bars(sweep.points, width - 2, paint).map((line) => `  ${line}`),
    ...row('bounds', boundsText(sweep), width, paint),
    ...row('knee', `${rate(sweep.knee)} clients: more of them only wait`, width, paint),
  ];
}

function boundsText({ bounds: { slots, cpu, measuredMax } }: SweepResult): string {
  const known = cpu === null ? '' : ` · CPU ${rate(cpu)}`;
  return `slots ${rate(slots)}${known} · measured ${rate(measuredMax)} requests/s`;
}

function bars(points: SweepPoint[], width: number, paint: Style): string[] {
  const most = Math.max(...points.map(({ requestsPerSecond }) => requestsPerSecond));
  const texts = points.map((point) => ({
    label: String(point.concurrency),
    rate: rate(point.requestsPerSecond),
    mean: milliseconds(point.meanMs),
    share: most > 0 ? point.requestsPerSecond / most : 0,
  }));
  const longest = (key: 'label' | 'rate' | 'mean') => Math.max(...texts.map((text) => text[key].length));
  const [labels, rates, means] = [longest('label'), longest('rate'), longest('mean')];
  const room = Math.max(MIN_BAR, width - labels - rates - means - 6);
  return texts.map((text) => {
    const bar = '█'.repeat(Math.max(1, Math.round(text.share * room)));
    const numbers = `${text.rate.padStart(rates)}  ${paint.dim(text.mean.padStart(means))}`;
    return `${paint.dim(text.label.padStart(labels))}  ${paint.good(bar)}${' '.repeat(room - bar.length)}  ${numbers}`;
  });
}
