import { formatKeyPath, isTable, type KeyPath } from './key-path.js';
import { childOf, type SchemaNode, schemaAt } from './schema-node.js';
import type { Origin } from './types.js';

/** One value of one layer, and where it was written. */
interface Leaf {
  path: KeyPath;
  value: unknown;
  origin: Origin;
}

/** Values by formatted key path. */
export type Leaves = Map<string, Leaf>;

/**
 * The values in a table: one a key, also in tables with free keys, so that a flag can replace one entry of `app.env`.
 * A key the schema does not know is a value too: dropping it would hide a mistake.
 */
export function leavesOf(table: unknown, originOf: (path: KeyPath) => Origin, at: KeyPath = []): Leaves {
  const leaves: Leaves = new Map();
  const visit = (value: unknown, node: SchemaNode | undefined, path: KeyPath): void => {
    if (isTable(value) && (node?.properties || node?.additionalProperties)) {
      for (const [key, entry] of Object.entries(value)) visit(entry, childOf(node, key), [...path, key]);
    } else {
      leaves.set(formatKeyPath(path), { path, value, origin: originOf(path) });
    }
  };
  visit(table, schemaAt(at), at);
  return leaves;
}

/** The nested table the values came from. */
export function tableOf(leaves: Leaves): Record<string, unknown> {
  const root = new Map<string, unknown>();
  for (const { path, value } of leaves.values()) {
    let table = root;
    for (const key of path.slice(0, -1)) {
      const next = table.get(key);
      const child = next instanceof Map ? next : new Map<string, unknown>();
      table.set(key, child);
      table = child;
    }
    table.set(path.at(-1) ?? '', value);
  }
  return toObject(root);
}

// fromEntries defines its keys, so that a variable called __proto__ is a key like any other.
function toObject(table: Map<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    [...table].map(([key, value]) => [key, value instanceof Map ? toObject(value) : value]),
  );
}
