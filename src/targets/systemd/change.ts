import { loadTemplate } from '../../host/templates.js';
import type { OnHost } from './on-host.js';

type Part = 'hold' | 'arrive' | 'start' | 'finish' | 'stop' | 'purge';

/** The argument list of a part of a change; what each does stands in templates/host/change.sh. */
export function changeArguments(part: Part, name: string, args: readonly string[]): string[] {
  return ['sh', '-c', loadTemplate('host/change.sh'), 'sh', part, name, ...args];
}

/** Does a part of a change on a host. @throws DeploykitError DK_HOST_FAILED. @returns what it printed. */
export function changePart(on: OnHost, part: Part, name: string, args: readonly string[]): Promise<string> {
  const [shell = '', , script = '', ...rest] = changeArguments(part, name, args);
  return on.run([shell, '-euc', script, ...rest]);
}
