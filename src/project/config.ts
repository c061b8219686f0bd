import { formatKeyPath, isTable } from './key-path.js';
import { leavesOf } from './leaves.js';
import { schemaLeaves } from './schema-node.js';
import type { LoadedProject, Origin, Project } from './types.js';

/** One effective setting. */
export interface EffectiveSetting {
  /** Dotted, as in the project file. */
  path: string;
  /** Null when it is not set and has no default. */
  value: unknown;
  origin: Origin;
}

/**
 * Every setting as the project file would have it, and where it came from, sorted by path. Secrets are names there
 * and are names here: no value of a secret is ever loaded.
 */
export function effectiveConfig({ project, origins }: LoadedProject): EffectiveSetting[] {
  const table = asWritten(project);
  const unset = { kind: 'default' as const, detail: 'not set' };
  const fixed = schemaLeaves()
    .map(({ path }) => [formatKeyPath(path), valueAt(table, path)] as const)
    .filter(([, value]) => !isTable(value) || Object.keys(value).length === 0);
  const free = [...leavesOf(table, () => unset)].map(([key, { value }]) => [key, value] as const);
  return [...new Map([...fixed, ...free])]
    .map(([path, value]) => ({ path, value: value ?? null, origin: origins[path] ?? unset }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function asWritten({ name, app, server, image, bench, target }: Project): Record<string, unknown> {
  const { framework: _found, callable, module, requirements, ...rest } = app;
  const written = { ...rest, module: `${module}:${callable}`, requirements: requirements.file };
  return { name, app: written, server, image, bench, target };
}

function valueAt(table: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (isTable(value) ? value[key] : undefined), table);
}
