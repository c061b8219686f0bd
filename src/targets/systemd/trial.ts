import { type Auxiliary, type AuxiliaryInput, auxiliaryIni } from './auxiliary.js';
import type { ReadyInput } from './instance.js';
import { transientArguments } from './transient.js';

const SETTLE_SECONDS = 3;

/** The file in a release with the ini of its trial. */
export const TRIAL_INI = 'trial.ini';

/** The unit that a release proves itself in: the same service, without the public socket. */
export function trialUnit(deployment: string): Auxiliary {
  const name = `${deployment}-trial`;
  const run = `/run/deploykit-${name}`;
  return { name, run, httpSocket: `${run}/probe.sock`, file: TRIAL_INI };
}

/** The ini of a release's trial. @param ini that of the release. */
export function trialIni(deployment: string, ini: string): string {
  return auxiliaryIni(ini, trialUnit(deployment));
}

/** What a trial is held to: it must load, answer, have its slots and stay up for 3 s. @param seconds it has to load. */
export function trialInstance(input: AuxiliaryInput & { seconds: number }): ReadyInput {
  const { on, plan, release, service } = input;
  const { name, run } = trialUnit(plan.name);
  const ask = async (argv: string[]): Promise<string> => {
    const asking = transientArguments(service, release, { name: `${plan.name}-ask`, notify: false });
    return (await on.try([...asking, '--wait', '--pipe', ...argv])).stdout;
  };
  return { ...input, unit: name, run, settle: SETTLE_SECONDS, ask };
}
