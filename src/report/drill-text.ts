import type { DrillCount } from '../bench/drill/drill-count.js';

/** An event of a drill, as a row. */
export interface DrillRow extends DrillCount {
  event: string;
  problem: string | null;
  nature: string | null;
}

const HEAD = ['event', 'requests', 'failed', 'slowest', 'longest gap'];

/** A table of events, and under it what went wrong. */
export function drillText(events: readonly DrillRow[]): string {
  const rows = events.map((event) => [
    event.event,
    String(event.requests),
    String(event.failed),
    `${event.slowestMs} ms`,
    `${event.longestGapMs} ms`,
  ]);
  const widths = HEAD.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: string[]): string =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ');
  return `${[line(HEAD), ...rows.map(line), ...events.flatMap(remarks)].join('\n')}\n`;
}

function remarks({ event, errors, problem, nature }: DrillRow): string[] {
  const classes = Object.entries(errors).map(([name, count]) => `${count} ${name}`);
  return [
    ...(classes.length > 0 ? [`${event}: ${classes.join(', ')}`] : []),
    ...(nature ? [`${event}: ${nature}`] : []),
    ...(problem ? [`${event}: ${problem}`] : []),
  ];
}
