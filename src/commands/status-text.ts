import { endpointUrl } from '../endpoint.js';
import { counted, rate, whole } from '../report/numbers.js';
import { wrap } from '../report/wrap.js';
import type { HostStatus, ReleaseClaim, Status } from '../targets/target.js';
import type { Paint } from '../ui/colour.js';
import { containersTable } from './containers-table.js';

/** `gevent: 2 processes × 100 greenlets = 200 requests at once`. */
export function shapeText({ topology, processes, perProcess, slots }: ReleaseClaim): string {
  const unit = { sync: 'request', threads: 'threads', gevent: 'greenlets' }[topology];
  return `${topology}: ${counted(processes, 'process', 'processes')} × ${perProcess} ${unit} = ${counted(slots, 'request')} at once`;
}

/** What runs and how it is, host by host where there are several; no line longer than `width`, but for a long word. */
export function statusText(
  deployment: { name: string; target: string; kind: string },
  status: Status,
  width: number,
  paint: Paint,
): string {
  const { endpoint, claim } = status;
  const title = `${deployment.name} (${deployment.target})`;
  const containers = status.containers ?? [];
  if (!endpoint && containers.length === 0) return `${title}: not running\n`;
  const head = [
    endpoint ? `${title} on ${paint('bold', endpointUrl(endpoint))}` : `${title}: nothing has its port`,
    ...indented([claim ? shapeText(claim) : '', endpoint?.route.note ?? ''], width),
  ];
  const table = containers.length > 0 ? containersTable(containers, paint).map((line) => `  ${line}`) : [];
  const hosts = status.hosts ?? [status];
  return `${[...head, ...hosts.flatMap((one) => hostLines(one, deployment.kind, width, paint)), ...table].join('\n')}\n`;
}

function hostLines(status: Status | HostStatus, kind: string, width: number, paint: Paint): string[] {
  const where = 'host' in status ? `${status.host}: ` : '';
  const state = status.running ? paint('green', 'running') : paint('red', 'not running');
  const since = status.running && status.startedAt ? ` since ${time(status.startedAt)}` : '';
  if (!status.release) return [`${where}${state}`];
  return [
    `${where}${state} release ${status.release}${since}`,
    ...indented([`${kind} ${status.id ?? 'nothing'}`, work(status), resources(status)], width),
    ...(status.lastError ? [cut(`  last error ${lastErrorText(status.lastError)}`, width)] : []),
  ];
}

function work({ running, stats, requestsPerSecond }: Status): string {
  if (!stats) return running ? 'the stats socket does not answer' : '';
  const speed = requestsPerSecond === null ? '' : `, ${rate(requestsPerSecond)} requests/s`;
  const hung = stats.hung > 0 ? `, ${whole(stats.hung)} of ${counted(stats.workers, 'worker')} hung` : '';
  return `${whole(stats.busy)} of ${counted(stats.slots, 'slot')} busy, ${whole(stats.queue)} of ${whole(stats.queueMax)} queued${speed}${hung}`;
}

function resources({ memory, restarts }: Status): string {
  const limit = memory?.limitBytes ? ` of ${megabytes(memory.limitBytes)}` : '';
  return [
    memory ? `${megabytes(memory.bytes)}${limit} of memory` : '',
    restarts
      ? `restarts: ${whole(restarts.service)} of the server, ${whole(restarts.workers)} of workers`
      : '',
  ]
    .filter(Boolean)
    .join('; ');
}

function lastErrorText({ at, text }: NonNullable<Status['lastError']>): string {
  const plain = text.replace(/\p{Cc}+/gu, ' ').trim();
  return at ? `${time(at)}: ${plain}` : plain;
}

// 2026-11-25T10:26:04.123Z → 2026-11-25 10:26:04 UTC
function time(iso: string): string {
  return `${iso.slice(0, 19).replace('T', ' ')} UTC`;
}

function megabytes(bytes: number): string {
  return `${whole(bytes / 1024 ** 2)} MB`;
}

function indented(texts: string[], width: number): string[] {
  return texts.filter(Boolean).flatMap((text) => wrap(text, width - 2).map((line) => `  ${line}`));
}

function cut(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`;
}
