import { lookup } from 'node:dns/promises';
import type { BenchResult } from '../bench/types.js';
import type { Endpoint } from '../endpoint.js';
import { DeploykitError } from '../errors.js';
import { type BenchRequest, benchAddress, benchDeployment, claimOfShape } from '../flow/bench.js';
import { benchText } from '../report/text.js';
import type { Command, CommandContext, Flags } from './command.js';
import { withSession } from './with-session.js';

const PROBLEM = {
  FAIL: 'DK_BENCH_FAIL',
  INCONCLUSIVE: 'DK_BENCH_INCONCLUSIVE',
  INVALID: 'DK_BENCH_INVALID',
} as const;

export const command: Command = async (context) => {
  const result = context.flags.url
    ? await measureUrl(context, context.flags.url)
    : await measureDeployment(context);
  return {
    data: result,
    text: benchText(result, { color: context.colour, width: context.width }),
    ...problemOf(result),
  };
};

function problemOf({ verdict, reasons }: BenchResult): { problem?: DeploykitError } {
  if (verdict === 'PASS') return {};
  return { problem: new DeploykitError(PROBLEM[verdict], reasons[0] ?? `verdict ${verdict}`) };
}

async function measureDeployment(context: CommandContext): Promise<BenchResult> {
  const { async: _a, threads: _t, processes: _p, ...flags } = context.flags;
  const session = await withSession({ ...context, flags }, { running: true });
  return benchDeployment(session, requestOf(flags));
}

async function measureUrl(context: CommandContext, url: string): Promise<BenchResult> {
  const { flags, progress, signal } = context;
  const { endpoint, path } = await endpointOf(url);
  const { processes, async, threads } = flags;
  const claim = claimOfShape({
    ...(typeof processes === 'number' ? { processes } : {}),
    ...(async ? { async } : {}),
    ...(threads ? { threads } : {}),
  });
  const request = { path, ...requestOf(flags), allowAnyHost: flags.mine ?? false };
  return benchAddress(endpoint, claim, request, { reporter: progress, signal });
}

function requestOf(flags: Flags): BenchRequest {
  const { requests, concurrency, duration, path, keepAlive, wave, throughput } = flags;
  return {
    ...(requests ? { requests } : {}),
    ...(concurrency ? { concurrency } : {}),
    ...(duration ? { durationMs: duration * 1000 } : {}),
    ...(path ? { path } : {}),
    ...(keepAlive ? { keepAlive } : {}),
    wave: wave ?? true,
    throughput: throughput ?? true,
  };
}

async function endpointOf(text: string): Promise<{ endpoint: Endpoint; path: string }> {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== 'http:') {
    throw new DeploykitError('DK_USAGE', `--url ${text} is not an http:// address`, {
      hint: 'For example --url http://127.0.0.1:8000/',
    });
  }
  const name = url.hostname.replace(/^\[|\]$/g, '');
  // Resolved once and named in the result: ::1 and 127.0.0.1 may be two servers.
  const { address } = await lookup(name).catch((error: unknown) => {
    throw new DeploykitError('DK_BENCH_NOT_SERVING', `the name ${name} cannot be resolved`, { cause: error });
  });
  return {
    endpoint: {
      host: address,
      port: Number(url.port || 80),
      hostHeader: url.host,
      route: { kind: 'given', note: `the address given, ${address}` },
    },
    path: url.pathname + url.search,
  };
}
