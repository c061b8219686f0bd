import type { InterferenceResult, PathLoad } from '../../bench/types.js';
import { milliseconds, rate } from '../numbers.js';
import { barRows } from './bar-rows.js';
import { figure } from './figure.js';
import type { Markup } from './markup.js';
import { section, table } from './section.js';

/** What one path keeps of its rate beside another. */
export function interferenceSection(result: InterferenceResult | undefined): Markup | null {
  if (result === undefined) return null;
  const { path, withPath, concurrency, alone, together, other, explanation } = result;
  const bars = [
    {
      label: 'alone',
      size: alone.requestsPerSecond,
      value: `${rate(alone.requestsPerSecond)}/s`,
      mark: 'fill0',
    },
    {
      label: 'beside',
      size: together.requestsPerSecond,
      value: `${rate(together.requestsPerSecond)}/s`,
      mark: 'fill1',
    },
  ];
  return section('interference', 'Interference', explanation, [
    figure((width) =>
      barRows(bars, width, { id: 'beside', title: `Requests/s of ${path}, alone and beside ${withPath}` }),
    ),
    table(
      ['load', 'clients', 'requests/s', 'p50', 'p99'],
      [
        row(`${path} alone`, concurrency.path, alone),
        row(`${path} beside ${withPath}`, concurrency.path, together),
        row(`${withPath}`, concurrency.withPath, other),
      ],
    ),
  ]);
}

function row(label: string, clients: number, { requestsPerSecond, latency }: PathLoad): string[] {
  const time = (value: number | null | undefined) =>
    value === null || value === undefined ? '–' : milliseconds(value);
  return [label, String(clients), rate(requestsPerSecond), time(latency?.p50), time(latency?.p99)];
}
