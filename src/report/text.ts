import type { BenchResult, VerdictWord } from '../bench/types.js';
import { concurrencyBlock } from './concurrency-block.js';
import { interferenceBlock } from './interference-block.js';
import { openLoopBlock } from './open-loop-block.js';
import { soakBlock } from './soak-block.js';
import { type Style, style } from './style.js';
import { sweepBlock } from './sweep-block.js';
import { throughputBlock } from './throughput-block.js';
import { wrap } from './wrap.js';

export interface TextOptions {
  color: boolean;
  /** Columns of the terminal; lines are kept within it, and within 80. */
  width: number;
}

const MAX_WIDTH = 80;
const MIN_WIDTH = 48;

/** The page a bench ends with: the verdict and its main sentence first, then the measurements. No final newline. */
export function benchText(result: BenchResult, options: TextOptions): string {
  const width = Math.max(MIN_WIDTH, Math.min(options.width, MAX_WIDTH));
  const paint = style(options.color);
  const blocks = [
    verdictBlock(result, width, paint),
    concurrencyBlock(result, width, paint),
    throughputBlock(result, width, paint),
    openLoopBlock(result, width, paint),
    sweepBlock(result, width, paint),
    interferenceBlock(result, width, paint),
    soakBlock(result, width, paint),
    pathBlock(result, width, paint),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function verdictBlock({ verdict, reasons, partial }: BenchResult, width: number, paint: Style): string[] {
  const [main = '', ...others] = reasons;
  const word = partial ? 'PARTIAL' : verdict;
  const indent = ' '.repeat(word.length + 2);
  const lines = wrap(main, width - indent.length);
  const first = `${verdictPaint(verdict, paint)(paint.bold(word))}  ${lines[0] ?? ''}`;
  const rest = others.flatMap((reason) => [
    '',
    ...wrap(reason, width - indent.length).map((line) => indent + line),
  ]);
  return [first, ...lines.slice(1).map((line) => indent + line), ...rest];
}

function verdictPaint(verdict: VerdictWord, paint: Style): (text: string) => string {
  if (verdict === 'PASS') return paint.good;
  return verdict === 'FAIL' ? paint.bad : paint.warn;
}

function pathBlock({ endpoint, path }: BenchResult, width: number, paint: Style): string[] {
  const note = wrap(endpoint.route.note, width - 2).map((line) => `  ${paint.dim(line)}`);
  return [`${paint.bold('Path')}  ${endpoint.url}${path}`, ...note];
}
