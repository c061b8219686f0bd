import type { Comparison } from '../host/artefacts.js';
import type { Paint } from '../ui/colour.js';
import { paintDiff } from './paint-diff.js';

/** What an up would do: the files with the lines that change, then the steps. */
export function planText(
  files: readonly Comparison[],
  steps: readonly string[],
  force: boolean,
  paint: Paint,
): string {
  const written = files.flatMap((file) => [writeText(file, force), ...changedLines(file, paint)]);
  return [...written, ...steps.map((step) => `would ${step}`), ''].join('\n');
}

function writeText({ path, state }: Comparison, force: boolean): string {
  if (state === 'missing') return `would write ${path}`;
  if (state === 'edited' && !force)
    return `would use ${path} as it was edited by hand (--force writes it anew)`;
  return `would change ${path}`;
}

// Of a file that is not there every line would be new.
function changedLines({ state, diff }: Comparison, paint: Paint): string[] {
  if (state === 'missing') return [];
  const hunks = diff.slice(Math.max(0, diff.indexOf('@@'))).trimEnd();
  return paintDiff(hunks, paint)
    .split('\n')
    .map((line) => `    ${line}`);
}
