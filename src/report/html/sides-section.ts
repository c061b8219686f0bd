import type { ComparedSide, CompareResult } from '../../bench/compare/types.js';
import { sideRows } from '../side-rows.js';
import type { Markup } from './markup.js';
import { section, table } from './section.js';

/** Deployments side by side, each measured alike. */
export function sidesSection(
  sides: readonly ComparedSide[],
  comparisons: readonly CompareResult[],
): Markup | null {
  if (sides.length === 0) return null;
  const rows = sideRows(sides, comparisons).map(({ name, cells }) => [name, ...cells]);
  const lead = 'Each was measured alike; the ratios are of loads in turn, one at a time.';
  return section('sides', 'Side by side', lead, table(['', ...sides.map(({ label }) => label)], rows));
}
