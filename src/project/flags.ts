import { coerce } from './coerce.js';
import { formatKeyPath, type KeyPath, parseKeyPath } from './key-path.js';
import { type Leaves, leavesOf } from './leaves.js';
import type { Overrides } from './types.js';

/** What flags set, by dotted key path; undefined means that the flag was not given. */
export function flagLeaves(overrides: Overrides): Leaves {
  const leaves: Leaves = new Map();
  for (const [dotted, value] of Object.entries(overrides)) {
    if (value === undefined) continue;
    const path = parseKeyPath(dotted);
    const originOf = (at: KeyPath) => ({ kind: 'flag' as const, detail: flagName(at) });
    for (const [key, leaf] of leavesOf(value, originOf, path)) {
      leaves.set(key, { ...leaf, value: coerce(leaf.value, leaf.path) });
    }
  }
  return leaves;
}

/** The flag that sets a value: `server.async` is `--async`, an entry of `app.env` is `--env`. */
function flagName(path: KeyPath): string {
  const [section, key] = path;
  const name = section === 'target' ? path.at(-1) : (key ?? section);
  return `--${(name ?? formatKeyPath(path)).replaceAll('_', '-')}`;
}
