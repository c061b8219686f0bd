import type { CompareResult } from '../bench/compare/types.js';
import type { Expectation, JudgedExpectation } from '../bench/threshold.js';
import { expectationsVerdict, judgeExpectations } from '../bench/threshold-judge.js';
import { parseExpectation } from '../bench/threshold-parse.js';
import type { BenchResult, VerdictWord } from '../bench/types.js';
import { DeploykitError } from '../errors.js';
import { type BenchRequest, benchAddress, benchDeployment, claimOfShape } from '../flow/bench.js';
import { compareShapes } from '../flow/compare.js';
import type { Topology } from '../plan/types.js';
import { compareText } from '../report/compare-text.js';
import { expectationsText } from '../report/expectations-text.js';
import { benchText } from '../report/text.js';
import { writeReports } from './bench-output.js';
import type { Answer, Command, CommandContext, Flags } from './command.js';
import { endpointOfUrl } from './endpoint-of-url.js';
import { withSession } from './with-session.js';

const PROBLEM = {
  FAIL: 'DK_BENCH_FAIL',
  INCONCLUSIVE: 'DK_BENCH_INCONCLUSIVE',
  INVALID: 'DK_BENCH_INVALID',
} as const;

export const command: Command = async (context) => {
  const { flags, colour: color, width, signal } = context;
  const expected = (flags.expect ?? []).map(parseExpectation);
  const bench = flags.url ? await measureUrl(context, flags.url) : await measureDeployment(context);
  const compare = flags.vs && !bench.partial ? await measureOther(context, flags.vs, expected) : undefined;
  // A ratio is a property of the comparison, everything else of the bench.
  const ofRatio = (one: Expectation): boolean => one.metric === 'ratio';
  const expectations = [
    ...judgeExpectations(
      bench,
      expected.filter((one) => !ofRatio(one)),
    ),
    ...(compare ? judgeExpectations(compare, expected.filter(ofRatio)) : []),
  ];
  const annotations = await writeReports(context, { bench, compare, expectations });
  const pages = [
    benchText(bench, { color, width }),
    ...(compare ? [compareText(compare, { color, width })] : []),
    ...(expectations.length > 0 ? [expectationsText(expectations, { color, width })] : []),
    ...(annotations ? [annotations] : []),
  ];
  return {
    data: { ...bench, ...(compare ? { compare } : {}), ...(expectations.length > 0 ? { expectations } : {}) },
    text: pages.join('\n\n'),
    ...problemOf(bench, compare, expectations, signal),
  };
};

/** The worst of bench, comparison and expectations decides the exit code. */
function problemOf(
  bench: BenchResult,
  compare: CompareResult | undefined,
  expectations: JudgedExpectation[],
  signal: AbortSignal,
): Pick<Answer, 'problem'> {
  // What was measured is printed; the exit code still says which signal came.
  if ((bench.partial || compare?.partial) && signal.reason instanceof DeploykitError)
    return { problem: signal.reason };
  const judged = expectationsVerdict(expectations);
  const missed = expectations.filter((row) => row.ok !== true).map((row) => `${row.text}: ${row.measured}`);
  const verdicts: { verdict: VerdictWord; reason: string }[] = [
    { verdict: bench.verdict, reason: bench.reasons[0] ?? '' },
    ...(compare ? [{ verdict: compare.verdict, reason: compare.reasons[0] ?? '' }] : []),
    { verdict: judged, reason: `expected ${missed.join(', ')}` },
  ];
  for (const word of ['INVALID', 'FAIL', 'INCONCLUSIVE'] as const) {
    const found = verdicts.find(({ verdict }) => verdict === word);
    if (found) return { problem: new DeploykitError(PROBLEM[word], found.reason || `verdict ${word}`) };
  }
  return {};
}

async function measureOther(
  context: CommandContext,
  versus: Topology,
  expected: Expectation[],
): Promise<CompareResult> {
  const { async: _a, threads: _t, processes: _p, ...flags } = context.flags;
  const session = await withSession({ ...context, flags }, { running: true });
  const theta = expected.find((one) => one.metric === 'ratio')?.value;
  return compareShapes(session, versus, { path: flags.path, concurrency: flags.concurrency, theta });
}

async function measureDeployment(context: CommandContext): Promise<BenchResult> {
  const { async: _a, threads: _t, processes: _p, ...flags } = context.flags;
  const session = await withSession({ ...context, flags }, { running: true });
  return benchDeployment(session, requestOf(flags));
}

async function measureUrl(context: CommandContext, url: string): Promise<BenchResult> {
  const { flags, progress, signal } = context;
  const { endpoint, path } = await endpointOfUrl(url);
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
