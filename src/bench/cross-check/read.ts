import type { CrossReading } from './types.js';

/** Reads what ab 2.3 of Apache 2.4 prints. @throws Error when it is something else. */
export function readAb(text: string): CrossReading {
  const requests = number(text, /^Complete requests:\s+(\d+)/m);
  const [, mean, median, max] = /^Total:\s+\d+\s+(\d+)\s+[\d.]+\s+(\d+)\s+(\d+)/m.exec(text) ?? [];
  return {
    requests: must(requests, 'Complete requests'),
    requestsPerSecond: must(number(text, /^Requests per second:\s+([\d.]+)/m), 'Requests per second'),
    meanMs: optional(mean),
    p50Ms: optional(median),
    p99Ms: number(text, /^\s+99%\s+(\d+)/m),
    maxMs: optional(max),
    failed:
      (number(text, /^Failed requests:\s+(\d+)/m) ?? 0) + (number(text, /^Non-2xx responses:\s+(\d+)/m) ?? 0),
  };
}

const WRK_UNITS: Record<string, number> = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Reads what wrk 4 prints with --latency. @throws Error when it is something else. */
export function readWrk(text: string): CrossReading {
  const time = (pattern: RegExp): number | null => {
    const [, digits, unit = ''] = pattern.exec(text) ?? [];
    return digits === undefined ? null : Number(digits) * (WRK_UNITS[unit] ?? Number.NaN);
  };
  const errors = /^\s+Socket errors: connect (\d+), read \d+, write (\d+), timeout (\d+)/m.exec(text);
  const [, connect = 0, write = 0, timeout = 0] = errors ?? [];
  return {
    requests: must(number(text, /^\s+(\d+) requests in /m), 'requests in'),
    requestsPerSecond: must(number(text, /^Requests\/sec:\s+([\d.]+)/m), 'Requests/sec'),
    meanMs: time(/^\s+Latency\s+([\d.]+)([a-z]+)/m),
    p50Ms: time(/^\s+50%\s+([\d.]+)([a-z]+)/m),
    p99Ms: time(/^\s+99%\s+([\d.]+)([a-z]+)/m),
    maxMs: time(/^\s+Latency\s+\S+\s+\S+\s+([\d.]+)([a-z]+)/m),
    failed:
      (number(text, /^\s+Non-2xx or 3xx responses: (\d+)/m) ?? 0) +
      Number(connect) +
      Number(write) +
      Number(timeout),
  };
}

/** Reads what hey prints. @throws Error when it is something else. */
export function readHey(text: string): CrossReading {
  const ms = (pattern: RegExp): number | null => {
    const value = number(text, pattern);
    return value === null ? null : value * 1000;
  };
  const [answers = '', errors = ''] =
    text.split('Status code distribution:')[1]?.split('Error distribution:') ?? [];
  const statuses = [...answers.matchAll(/^\s+\[(\d{3})\]\s+(\d+) responses$/gm)];
  const bad = statuses.filter(([, status = '']) => !/^[23]/.test(status));
  const lost = [...errors.matchAll(/^\s+\[(\d+)\]/gm)].map(([, count]) => Number(count));
  const rate = must(number(text, /^\s+Requests\/sec:\s+([\d.]+)/m), 'Requests/sec');
  const answered = sum(statuses.map(([, , count]) => Number(count)));
  return {
    requests: answered + sum(lost),
    // Debian's hey counts requests without an answer as well.
    requestsPerSecond: answered === 0 ? 0 : rate,
    meanMs: ms(/^\s+Average:\s+([\d.]+) secs/m),
    p50Ms: ms(/^\s+50% in ([\d.]+) secs/m),
    p99Ms: ms(/^\s+99% in ([\d.]+) secs/m),
    maxMs: ms(/^\s+Slowest:\s+([\d.]+) secs/m),
    failed: sum(bad.map(([, , count]) => Number(count))) + sum(lost),
  };
}

interface OhaDocument {
  summary: { requestsPerSec: number; average: number | null; slowest: number | null };
  latencyPercentiles: Record<string, number | null>;
  statusCodeDistribution: Record<string, number>;
  errorDistribution: Record<string, number>;
}

/** Reads the JSON document of oha (its schema.json). @throws Error when it is something else. */
export function readOha(text: string): CrossReading {
  const document = JSON.parse(text) as Partial<OhaDocument>;
  const { summary, latencyPercentiles = {}, statusCodeDistribution = {}, errorDistribution = {} } = document;
  const ms = (value: number | null | undefined): number | null =>
    typeof value === 'number' ? value * 1000 : null;
  const statuses = Object.entries(statusCodeDistribution);
  const bad = statuses.filter(([status]) => !/^[23]/.test(status));
  const lost = sum(Object.values(errorDistribution));
  return {
    requests: sum(Object.values(statusCodeDistribution)) + lost,
    requestsPerSecond: must(summary?.requestsPerSec ?? null, 'summary.requestsPerSec'),
    meanMs: ms(summary?.average),
    p50Ms: ms(latencyPercentiles['p50']),
    p99Ms: ms(latencyPercentiles['p99']),
    maxMs: ms(summary?.slowest),
    failed: sum(bad.map(([, count]) => count)) + lost,
  };
}

function number(text: string, pattern: RegExp): number | null {
  return optional(pattern.exec(text)?.[1]);
}

function optional(digits: string | undefined): number | null {
  return digits === undefined ? null : Number(digits);
}

function must(value: number | null, what: string): number {
  if (value === null || !Number.isFinite(value)) throw new Error(`its output has no "${what}"`);
  return value;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
