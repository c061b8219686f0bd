import type { Claim, VerdictWord } from '../bench/types.js';
import { rate, whole } from './numbers.js';
import { style } from './style.js';
import type { TextOptions } from './text.js';

/** One run in a side-by-side table. */
export interface ComparisonRow {
  label: string;
  topology: Claim['topology'];
  processes: number;
  slots: number;
  requestsPerSecond: number;
  ideal: number;
  abWouldPrint: number;
  wave: { sent: number; waves: readonly number[]; verdict: VerdictWord } | null;
}

const HEAD = ['', 'server', 'req/s', 'ideal', 'ab', 'waves', 'proof'];
// Words to the left, numbers to the right.
const LEFT = new Set([0, 1, 5, 6]);

const MAX_WAVES = 3;

/** Runs side by side, one line each, columns aligned; `ab` is what ab >= 2.4.33 would print. */
export function comparisonText(rows: readonly ComparisonRow[], options: Pick<TextOptions, 'color'>): string {
  const paint = style(options.color);
  const cells = rows.map(cellsOf);
  const widths = HEAD.map((title, i) => Math.max(title.length, ...cells.map((line) => line[i]?.length ?? 0)));
  const line = (values: string[]) =>
    values.map((value, i) => (LEFT.has(i) ? value.padEnd(widths[i] ?? 0) : value.padStart(widths[i] ?? 0)));
  const head = paint.dim(line(HEAD).join('  ').trimEnd());
  const rule = paint.dim('─'.repeat(widths.reduce((sum, width) => sum + width + 2, -2)));
  const body = cells.map((values, i) =>
    paintProof(line(values), rows[i]?.wave?.verdict).join('  ').trimEnd(),
  );
  return [head, rule, ...body].join('\n');

  function paintProof(values: string[], verdict: VerdictWord | undefined): string[] {
    const proof = values.at(-1)?.trimEnd() ?? '';
    const painted =
      verdict === 'PASS' ? paint.good(proof) : verdict === 'FAIL' ? paint.bad(proof) : paint.warn(proof);
    return [...values.slice(0, -1), painted];
  }
}

function cellsOf(row: ComparisonRow): string[] {
  return [
    row.label,
    `${whole(row.processes)} × ${whole(row.slots / row.processes)} ${row.topology}`,
    rate(row.requestsPerSecond),
    rate(row.ideal),
    rate(row.abWouldPrint),
    row.wave === null ? '–' : `${whole(row.wave.sent)} → ${wavesText(row.wave.waves)}`,
    row.wave?.verdict ?? 'none',
  ];
}

function wavesText(waves: readonly number[]): string {
  if (waves.length <= MAX_WAVES) return waves.map(whole).join(' + ');
  return [...waves.slice(0, MAX_WAVES - 1).map(whole), '…'].join(' + ');
}
