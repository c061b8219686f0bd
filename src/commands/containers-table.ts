import { rate, whole } from '../report/numbers.js';
import type { ContainerStatus } from '../targets/target.js';
import type { Paint } from '../ui/colour.js';

const HEAD = ['container', 'state', 'health', 'busy', 'req/s', 'MB of limit', 'restarts'];

/** A line for each container of a deployment, columns aligned; at most 78 columns but for counts beyond reason. */
export function containersTable(containers: readonly ContainerStatus[], paint: Paint): string[] {
  const rows = [HEAD, ...containers.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row, index) => {
    const line = row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
    return index === 0 ? paint('dim', line.trimEnd()) : line.trimEnd();
  });
}

function cells(one: ContainerStatus): string[] {
  const { name, state, health, stats, requestsPerSecond, memory, restarts } = one;
  return [
    name,
    state,
    health ?? '–',
    stats ? `${stats.busy}/${stats.slots}` : '–',
    requestsPerSecond === null ? '–' : rate(requestsPerSecond),
    memory
      ? `${inMegabytes(memory.bytes)}${memory.limitBytes ? ` of ${inMegabytes(memory.limitBytes)}` : ''}`
      : '–',
    restarts ? restartsText(restarts, stats !== null) : '–',
  ];
}

// Of the container by the engine, and of workers by uWSGI.
function restartsText(
  { service, workers }: NonNullable<ContainerStatus['restarts']>,
  server: boolean,
): string {
  return server ? `${whole(service)}, workers ${whole(workers)}` : whole(service);
}

function inMegabytes(bytes: number): string {
  return whole(bytes / 1024 ** 2);
}
