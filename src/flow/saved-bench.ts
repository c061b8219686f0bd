import path from 'node:path';
import { sideOf } from '../bench/compare/side.js';
import type { BlockLoad, ComparedSide, CompareResult, SavedBlock } from '../bench/compare/types.js';
import { type BenchEnvironment, environmentDifferences } from '../bench/environment.js';
import type { BenchResult } from '../bench/types.js';
import { DeploykitError } from '../errors.js';
import { readIfThere } from '../host/files.js';
import { type BenchRequest, requestFor } from './bench-side.js';
import { benchEnvironment } from './environment.js';
import type { Session } from './session.js';
import type { Side } from './side.js';
import type { Versus } from './versus.js';

/** What a request looked like; the parts that change what is measured. */
export interface SavedRequest {
  method: string;
  headers: string[];
  bodyBytes: number;
}

/** A result of `bench --json` as a base of a comparison. */
export interface SavedBench {
  kind: 'saved';
  block: SavedBlock;
  /** The load it was measured under. */
  load: BlockLoad;
  path: string;
  side: ComparedSide;
  /** Why it proves nothing today. */
  doubts: string[];
}

type Saved = BenchResult & {
  environment?: BenchEnvironment;
  request?: SavedRequest;
  comparisons?: CompareResult[];
};

/**
 * Reads a result that was saved, and holds it against this machine and what is asked for now.
 * @throws DeploykitError DK_USAGE for a file that holds no closed loop, and for a request that contradicts it.
 */
export async function readSaved(
  session: Session,
  { file, label }: Extract<Versus, { kind: 'saved' }>,
  running: Side,
  request: BenchRequest,
): Promise<SavedBench> {
  const saved = parse(file, await readIfThere(path.resolve(file)));
  const { throughput } = saved;
  if (!throughput) throw refused(file, 'has no closed loop to compare with');
  const repeated = saved.comparisons?.find(({ base, pairs }) => base === 'live' && pairs.length > 1);
  const { concurrency, keepAlive, requests } = throughput;
  const load = repeated?.load ?? { concurrency, keepAlive, requests, durationMs: null };
  refuseContradiction(file, { path: saved.path, ...load }, requestFor(session, request), session);
  return {
    kind: 'saved',
    load,
    path: saved.path,
    block: {
      label,
      requestsPerSecond: repeated?.pairs.map(({ b }) => b) ?? [throughput.requestsPerSecond],
      latency: repeated?.latency.b ?? throughput.latency,
    },
    side: sideOf(label, saved),
    doubts: doubtsOf(saved, running, session.choice.kind),
  };
}

function parse(file: string, text: string | null): Saved {
  if (text === null) throw refused(file, 'is not there');
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw refused(file, `is not JSON: ${(error as Error).message}`);
  }
  const { data } = { data: document, ...(document as object) } as { data: Partial<Saved> | null };
  const known = typeof data?.s0Ms === 'number' && data.claim && data.schemaVersion === 1;
  if (!known) throw refused(file, 'is not a result of bench --json');
  return data as Saved;
}

function refuseContradiction(
  file: string,
  saved: { path: string; concurrency: number; keepAlive: boolean },
  asked: BenchRequest,
  { loaded }: Session,
): void {
  const now = { ...asked, path: asked.path ?? loaded.project.bench.path };
  for (const key of ['path', 'concurrency', 'keepAlive'] as const) {
    if (now[key] === undefined || now[key] === saved[key]) continue;
    throw refused(file, `was measured with ${key} ${saved[key]}, and ${now[key]} is asked for now`);
  }
}

function doubtsOf(saved: Saved, running: Side, target: string): string[] {
  const { environment, endpoint, throughput } = saved;
  const now = running.endpoint.route.kind;
  return [
    ...(environment
      ? environmentDifferences(environment, benchEnvironment(target))
      : ['The saved result does not say where it was measured.']),
    ...(endpoint.route.kind === now
      ? []
      : [`Another route then and now: ${endpoint.route.kind} and ${now}.`]),
    ...(throughput?.health.problems ?? []).map((text) => `The saved run does not count: ${text}.`),
    ...(saved.partial ? ['The saved run was interrupted.'] : []),
  ];
}

function refused(file: string, what: string): DeploykitError {
  return new DeploykitError('DK_USAGE', `--vs ${file} ${what}`, {
    hint: 'Save one with: deploykit bench --json > before.json',
  });
}
