import { geometricMean } from '../bench/compare/geometric-mean.js';
import type { CompareResult } from '../bench/compare/types.js';
import type { LatencySummary, VerdictWord } from '../bench/types.js';
import { counted, milliseconds, rate } from './numbers.js';
import { ratioDots } from './ratio-dots.js';
import { heading, row } from './rows.js';
import { type Style, style } from './style.js';
import type { TextOptions } from './text.js';
import { wrap } from './wrap.js';

const MAX_WIDTH = 80;
const MIN_WIDTH = 48;

/** The page a comparison ends with: verdict, each pair's ratio as a dot, the interval, both sides. No final newline. */
export function compareText(result: CompareResult, options: TextOptions): string {
  const width = Math.max(MIN_WIDTH, Math.min(options.width, MAX_WIDTH));
  const paint = style(options.color);
  const blocks = [
    verdictBlock(result, width, paint),
    ratioBlock(result, width, paint),
    sidesBlock(result, width, paint),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function verdictBlock({ verdict, reasons, partial }: CompareResult, width: number, paint: Style): string[] {
  const indent = ' '.repeat(verdict.length + 2);
  const cut = partial ? ['Interrupted: only the complete pairs count.'] : [];
  const [first = [], ...others] = [...reasons, ...cut].map((text) => wrap(text, width - indent.length));
  const word = colour(verdict, paint)(paint.bold(verdict));
  const head = first.map((line, i) => (i === 0 ? `${word}  ${line}` : indent + line));
  return [...head, ...others.flatMap((lines) => ['', ...lines.map((line) => indent + line)])];
}

function colour(verdict: VerdictWord, paint: Style): (text: string) => string {
  if (verdict === 'PASS') return paint.good;
  return verdict === 'FAIL' ? paint.bad : paint.warn;
}

function ratioBlock(result: CompareResult, width: number, paint: Style): string[] {
  const { labels, pairs, mde, confidence, verdict } = result;
  if (pairs.length === 0) return [];
  const remark = `${labels.b} / ${labels.a}, ${Math.round(confidence * 100)} % interval below the pairs`;
  const finds = `changes of ${((mde ?? 0) * 100).toFixed(1)} % or more, four times of five`;
  return [
    ...heading('Ratio', remark, width, paint),
    ...ratioDots(result, width - 2, paint).map((line) => `  ${line}`),
    // Where nothing was decided, the sentences of the verdict say it already.
    ...(mde === null || verdict === 'INCONCLUSIVE' ? [] : row('finds', finds, width, paint)),
  ];
}

/** How it was measured, then requests/s and latency of each side. */
function sidesBlock(
  { labels, base, pairs, latency, order, redone }: CompareResult,
  width: number,
  paint: Style,
): string[] {
  if (pairs.length === 0) return [];
  const turns =
    base === 'live' ? `${order}, one at a time` : `only ${labels.b}; ${labels.a} was measured earlier`;
  const again = `${counted(redone, 'block')} did not count and ${redone === 1 ? 'was' : 'were'} measured again`;
  return [
    ...heading('Loads', turns, width, paint),
    ...row(
      'A',
      sideText(
        labels.a,
        pairs.map(({ a }) => a),
        latency.a,
      ),
      width,
      paint,
    ),
    ...row(
      'B',
      sideText(
        labels.b,
        pairs.map(({ b }) => b),
        latency.b,
      ),
      width,
      paint,
    ),
    ...(redone === 0 ? [] : row('again', again, width, paint)),
  ];
}

function sideText(label: string, speeds: readonly number[], latency: LatencySummary | null): string {
  const speed = `${label}: ${rate(geometricMean(speeds))} requests/s`;
  return latency === null ? speed : `${speed} · ${latencyText(latency)}`;
}

function latencyText({ n, mean, p50, p99 }: LatencySummary): string {
  const known = [
    ['mean', mean],
    ['p50', p50],
    ['p99', p99],
  ] as const;
  const values = known
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} ${milliseconds(value ?? 0)}`.replaceAll(' ', '\u00a0'));
  return `${values.join(' · ')} (n\u00a0=\u00a0${n})`;
}
