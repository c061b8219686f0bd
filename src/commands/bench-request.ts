import type { BenchRequest } from '../flow/bench-side.js';
import type { SavedRequest } from '../flow/saved-bench.js';
import { parseVersus, type Versus } from '../flow/versus.js';
import type { Flags } from './command.js';

/** What the flags of a bench ask for. */
export function requestOf(flags: Flags): BenchRequest {
  const { duration, soak, with: withPath, header, data, wave = true, throughput = true } = flags;
  const { requests, concurrency, path, keepAlive, rate, sweep, workers } = flags;
  const method = flags.method?.toUpperCase() ?? (data === undefined ? undefined : 'POST');
  const asked = {
    requests,
    concurrency,
    path,
    keepAlive,
    rate,
    sweep,
    workers,
    withPath,
    method,
    body: data,
  };
  const given = Object.entries(asked).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(given),
    ...(duration ? { durationMs: duration * 1000 } : {}),
    ...(soak ? { soakMs: soak * 1000 } : {}),
    ...(header ? { headers: header } : {}),
    wave,
    throughput,
  };
}

/** What a saved result says of the requests: no value of a header, which may be a secret. */
export function savedRequestOf({ method = 'GET', headers = {}, body = '' }: BenchRequest): SavedRequest {
  return { method, headers: Object.keys(headers), bodyBytes: Buffer.byteLength(body) };
}

/** Everything `--vs` and `--vs-target` name, in that order. @throws DeploykitError DK_USAGE. */
export function versusOf({ vs = [], vsTarget = [] }: Flags): Versus[] {
  const named = vs.flatMap((text) => text.split(',')).map((text) => parseVersus(text.trim()));
  const targets = vsTarget.map((name): Versus => ({ kind: 'target', label: name, name }));
  return [...named, ...targets];
}
