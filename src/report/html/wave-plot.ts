import type { WaveResult } from '../../bench/types.js';
import { counted, milliseconds, whole } from '../numbers.js';
import { type Plot, picture, plotFor, type Tick, xAxis } from './chart.js';
import { figure, type LegendEntry } from './figure.js';
import { html, type Markup } from './markup.js';
import { linearScale, niceMax, type Scale, ticks } from './scale.js';
import { timeAxis } from './time-axis.js';
import type { WaveSample } from './types.js';

// More bars than this cannot be told apart.
const MAX_BARS = 240;
// Whole pixels, so that bars stay sharp.
const BAR = { most: 14, least: 2, room: 440 };
const WAVE_CLASSES = 3;

interface Bar extends WaveSample {
  /** From 1. */
  wave: number;
}

/** One bar a request, from its start to its last byte, its connect shaded, the waves in different colours. */
export function wavePlot(wave: WaveResult, samples: readonly WaveSample[]): Markup {
  const bars = barsOf(wave, samples);
  const step = Math.ceil(bars.length / MAX_BARS);
  const drawn = bars.filter((_, i) => i % step === 0);
  return figure((width) => draw(wave, drawn, width), legend(bars, step));
}

function barsOf({ s0Ms }: WaveResult, samples: readonly WaveSample[]): Bar[] {
  return samples
    .map((sample) => ({ ...sample, wave: Math.max(1, Math.round(sample.totalMs / s0Ms)) }))
    .sort((a, b) => a.wave - b.wave || a.startMs - b.startMs);
}

function draw(wave: WaveResult, bars: readonly Bar[], width: number): Markup {
  const pitch = Math.max(BAR.least, Math.min(BAR.most, Math.floor(BAR.room / Math.max(1, bars.length))));
  const plot: Plot = { ...plotFor(width, Math.ceil(pitch * bars.length) + 56, []), left: 14 };
  const last = Math.max(wave.s0Ms, ...bars.map(({ startMs, totalMs }) => startMs + totalMs));
  const end = niceMax(last, width > 500 ? 8 : 4);
  const x = linearScale([0, end], [plot.left, plot.right]);
  const axis = timeAxis(end);
  const marks: Tick[] = ticks(0, end, width > 500 ? 8 : 4).map((at) => ({
    at: x(at),
    label: axis.label(at),
  }));
  return picture(plot, { id: 'wave', title: 'Requests of the wave over time', text: description(wave) }, [
    xAxis(plot, marks, `time since the first start (${axis.unit})`),
    strokes(bars, x, plot.top, pitch),
    services(wave, end, x, plot),
  ]);
}

/** All bars of a wave are one path: a few bytes each. */
function strokes(bars: readonly Bar[], x: Scale, top: number, pitch: number): Markup[] {
  // Thin bars touch: a gap would only wash out their colour.
  const thickness = pitch > 4 ? pitch - 2 : pitch > 2 ? pitch - 1 : pitch;
  const line = (i: number, from: number, to: number) =>
    `M${x(from).toFixed(1)} ${(top + (i + 0.5) * pitch).toFixed(1)}H${x(to).toFixed(1)}`;
  const whole = Array.from({ length: WAVE_CLASSES }, (_, k) =>
    bars
      .map((bar, i) => (waveClass(bar.wave) === k ? line(i, bar.startMs, bar.startMs + bar.totalMs) : ''))
      .join(''),
  );
  const connects = bars.map(({ startMs, connectMs }, i) =>
    connectMs > 0 ? line(i, startMs, startMs + connectMs) : '',
  );
  return [...whole, connects.join('')].map((d, k) =>
    d === ''
      ? html``
      : html`<path class="${k === WAVE_CLASSES ? 'connect' : `bar${k}`}" stroke-width="${thickness}" d="${d}"/>`,
  );
}

/** A dashed line at each multiple of the service time. */
function services({ s0Ms }: WaveResult, end: number, x: Scale, { top, bottom }: Plot): Markup[] {
  const count = Math.min(12, Math.floor(end / s0Ms));
  return Array.from(
    { length: count },
    (_, i) => html`<path class="mark" d="M${x((i + 1) * s0Ms)} ${top}V${bottom}"/>`,
  );
}

function waveClass(wave: number): number {
  return (wave - 1) % WAVE_CLASSES;
}

function legend(bars: readonly Bar[], step: number): LegendEntry[] {
  const waves = [...new Set(bars.map(({ wave }) => wave))].slice(0, WAVE_CLASSES);
  const entries: LegendEntry[] = waves.map((wave) => ({
    mark: `fill${waveClass(wave)}`,
    shape: 'box',
    text: `wave ${wave}: ${counted(bars.filter((bar) => bar.wave === wave).length, 'request')}`,
  }));
  entries.push({ mark: 'fill-connect', shape: 'box', text: 'connecting' });
  entries.push({ mark: 'mark', shape: 'dash', text: 'a service time' });
  if (step > 1) entries.push({ mark: 'none', shape: 'box', text: `one request of ${step} is drawn` });
  return entries;
}

function description({ sent, waves, s0Ms }: WaveResult): string {
  const parts = waves.map((count, i) => `${whole(count)} in wave ${i + 1}`);
  return `${counted(sent, 'request')} started at once, each takes ${milliseconds(s0Ms)}: ${parts.join(', ')}.`;
}
