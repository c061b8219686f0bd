import type { BenchSamples } from '../bench/bench-options.js';
import type { Expectation } from '../bench/threshold.js';
import { DeploykitError } from '../errors.js';
import { benchAddress, benchDeployment, claimOfShape, type Measured } from '../flow/bench.js';
import { benchEnvironment } from '../flow/environment.js';
import { type BenchData, rawSamples } from '../report/bench-data.js';
import { compareText } from '../report/compare-text.js';
import { crossCheckText } from '../report/cross-check-block.js';
import { expectationsText } from '../report/expectations-text.js';
import { sidesText } from '../report/sides-text.js';
import { benchText } from '../report/text.js';
import { expectationsOf, judgeAll } from './bench-expectations.js';
import { writeReports } from './bench-output.js';
import { problemOf } from './bench-problem.js';
import { requestOf, savedRequestOf, versusOf } from './bench-request.js';
import type { Command, CommandContext } from './command.js';
import { endpointOfUrl } from './endpoint-of-url.js';
import { withSession } from './with-session.js';

interface Run extends Measured {
  expected: Expectation[];
  /** Kind of the target; null for an address. */
  target: string | null;
}

export const command: Command = async (context) => {
  const { flags, colour: color, width, signal } = context;
  let samples: BenchSamples = { wave: null, load: null };
  const onSamples = (taken: BenchSamples): void => {
    samples = taken;
  };
  const run = flags.url
    ? await measureUrl(context, flags.url, onSamples)
    : await measureDeployment(context, onSamples);
  const { bench, comparisons, sides, crossCheck } = run;
  const expectations = judgeAll(run, run.expected);
  const environment = benchEnvironment(run.target);
  const checked = crossCheck ? { crossCheck } : {};
  const report = { bench, comparisons, sides, expectations, environment, ...checked };
  const annotations = await writeReports(context, report, samples);
  const style = { color, width };
  const pages = [
    benchText(bench, style),
    ...(crossCheck ? [crossCheckText(crossCheck, style)] : []),
    ...comparisons.map((compare) => compareText(compare, style)),
    sidesText(sides, comparisons, style),
    expectationsText(expectations, style),
    annotations,
  ];
  const data: BenchData = {
    ...bench,
    ...(comparisons.length > 0 ? { comparisons, sides } : {}),
    ...(expectations.length > 0 ? { expectations } : {}),
    ...checked,
    environment,
    request: savedRequestOf(requestOf(flags)),
    ...(flags.raw ? { samples: rawSamples(samples) } : {}),
  };
  return {
    data,
    text: pages.filter((page) => page !== '').join('\n\n'),
    ...problemOf(run, expectations, signal),
  };
};

type OnSamples = (samples: BenchSamples) => void;

async function measureDeployment(context: CommandContext, onSamples: OnSamples): Promise<Run> {
  // The shape is that of what runs.
  const { async: _a, threads: _t, processes: _p, ...flags } = context.flags;
  const versus = versusOf(flags);
  const session = await withSession({ ...context, flags }, { running: true });
  const all = expectationsOf(flags.expect ?? [], session.loaded.project.bench.expect);
  // The file's ratio is for the runs that compare.
  const expected =
    versus.length > 0 || flags.expect?.length ? all : all.filter(({ metric }) => metric !== 'ratio');
  const theta = expected.find(({ metric }) => metric === 'ratio')?.value;
  const measured = await benchDeployment(session, requestOf(flags), {
    versus,
    theta,
    crossTool: flags.crossCheck,
    onSamples,
  });
  return { ...measured, expected, target: session.choice.kind };
}

async function measureUrl(context: CommandContext, url: string, onSamples: OnSamples): Promise<Run> {
  const { flags, progress: reporter, signal } = context;
  if (versusOf(flags).length > 0) {
    throw new DeploykitError('DK_USAGE', '--vs needs a deployment, not an address', {
      hint: 'Leave --url out: what runs is then compared.',
    });
  }
  const expected = expectationsOf(flags.expect ?? [], []);
  const { endpoint, path } = await endpointOfUrl(url);
  const { processes, async, threads } = flags;
  const claim = claimOfShape({
    ...(typeof processes === 'number' ? { processes } : {}),
    ...(async ? { async } : {}),
    ...(threads ? { threads } : {}),
  });
  const request = { path, ...requestOf(flags), allowAnyHost: flags.mine ?? false };
  const own = { reporter, signal, onSamples, crossTool: flags.crossCheck };
  return { ...(await benchAddress(endpoint, claim, request, own)), expected, target: null };
}
