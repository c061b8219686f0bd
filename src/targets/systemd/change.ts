import type { HostRunOptions } from '../../host/host.js';
import { loadTemplate } from '../../host/templates.js';
import type { OnHost } from './on-host.js';

type Part = 'hold' | 'arrive' | 'switch' | 'stop' | 'purge';

/** The argument list of a part of a change; what each does stands in templates/host/change.sh. */
export function changeArguments(part: Part, name: string, args: readonly string[]): string[] {
  // A part ends at what fails. Who holds the lock undoes all that can be undone.
  const flags = part === 'hold' ? '-c' : '-euc';
  return ['sh', flags, loadTemplate('host/change.sh'), 'sh', part, name, ...args];
}

/** Does a part of a change on a host. @throws DeploykitError DK_HOST_FAILED. @returns what it printed. */
export function changePart(
  on: OnHost,
  part: Part,
  name: string,
  args: readonly string[],
  options: HostRunOptions = {},
): Promise<string> {
  return on.run(changeArguments(part, name, args), options);
}
