import { pyprojectSpecs } from '../pyproject-lists.js';
import { splitRequirement } from '../requirement-parts.js';
import { condition, type LockInput } from './lock-file.js';
import type { Edge } from './lock-graph.js';

/** What pyproject.toml asks for, as edges into the lock; the groups of the input included. */
export function declaredRoots(input: LockInput): Edge[] {
  return pyprojectSpecs(input.pyproject ?? {}, input.groups).map((spec) => {
    const { name, extras, marker } = splitRequirement(spec);
    return { name, extras, accepts: () => true, when: () => condition(marker, input) };
  });
}
