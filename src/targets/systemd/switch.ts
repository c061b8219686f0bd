import { DeploykitError } from '../../errors.js';
import type { RunResult } from '../../host/run.js';
import { shellWord } from '../../shell-word.js';
import { type AuxiliaryInput, notStarted, startCommand } from './auxiliary.js';
import { changeArguments } from './change.js';
import type { HostFacts } from './facts.js';
import { judgeReady, type ReadyInput, readyCommand } from './instance.js';
import { lastLines } from './on-host.js';
import { trialInstance, trialUnit } from './trial.js';

interface SwitchInput extends AuxiliaryInput {
  facts: HostFacts;
  seconds: number;
}

// change.sh: the trial could not be started.
const NOT_STARTED = 75;

/**
 * Proves a release beside the one that serves, then starts it on the public socket, which systemd holds, waits until it
 * serves, and only then stops the others gracefully: at no moment is there nobody to accept. When the new one fails, the
 * others never noticed. All of it in one round trip: on a slow connection it takes no longer.
 * @throws DeploykitError as judgeReady, for the trial or for the instance; DK_HOST_FAILED.
 */
export async function switchRelease(input: SwitchInput): Promise<void> {
  const { on, plan, paths, facts, release, seconds } = input;
  const trial = trialInstance(input);
  const run = `/run/deploykit-${plan.name}/${release}`;
  const instance: ReadyInput = { ...input, unit: paths.unit(release), run, seconds, settle: 0 };
  const others = facts.active.filter((id) => id !== release);
  const steps: Record<string, string> = {
    trial: `trying release ${release} beside what serves`,
    start: `starting release ${release}`,
    ...(others.length > 0 ? { drain: `draining release ${others.join(', ')}` } : {}),
  };
  const commands = [startCommand(input, trialUnit(plan.name)), readyCommand(trial), readyCommand(instance)];
  const argv = changeArguments('switch', plan.name, [
    ...[release, String(plan.service?.keep ?? 5), plan.front ? 'nginx' : 'none'],
    ...commands.map((command) => command.map(shellWord).join(' ')),
  ]);
  const result = await on.try(argv, {
    onLine: (line) => {
      const text = steps[STEP.exec(line)?.[1] ?? ''];
      if (text) on.reporter.step(`${on.host.name}: ${text}`);
    },
  });
  if (result.exitCode === 0) return;
  const reports = readReports(result.stdout);
  if (result.exitCode === NOT_STARTED) {
    throw await notStarted(on, plan, trialUnit(plan.name), reports.trial?.since ?? 0, result.stderr);
  }
  if (reports.drain) throw notDrained(input, result);
  if (reports.trial?.text) await judgeReady(trial, reports.trial.since, reports.trial.text);
  if (reports.start?.text) await judgeReady(instance, reports.start.since, reports.start.text);
  throw on.failed('the switch', result);
}

// Instances of other releases are ended when the lock is given back.
function notDrained({ on, release }: SwitchInput, result: RunResult): DeploykitError {
  const what = `release ${release} serves, but clearing away what it replaces failed`;
  return new DeploykitError('DK_HOST_FAILED', `${on.host.name}: ${what} (${result.exitCode})`, {
    excerpt: lastLines(result.stderr),
    hint: 'Mend what stands above; the next update clears it away. To go back: deploykit rollback',
  });
}

const STEP = /^(trial|start|drain) (\d+)$/;

interface Report {
  /** When the step began, in seconds of the host's clock. */
  since: number;
  /** What readyCommand printed. */
  text: string;
}

function readReports(stdout: string): Partial<Record<'trial' | 'start' | 'drain', Report>> {
  const reports: Record<string, Report> = {};
  let last: Report | undefined;
  for (const line of stdout.split('\n')) {
    const [, step, since] = STEP.exec(line) ?? [];
    if (step) {
      last = { since: Number(since), text: '' };
      reports[step] = last;
    } else if (last) last.text += line;
  }
  return reports;
}
