import { projectJsonSchema } from './json-schema.js';
import type { KeyPath } from './key-path.js';

/** The part of JSON Schema that `projectJsonSchema` uses. */
export interface SchemaNode {
  type?: string;
  description?: string;
  default?: unknown;
  properties?: Record<string, SchemaNode>;
  additionalProperties?: false | SchemaNode;
  items?: SchemaNode;
  anyOf?: SchemaNode[];
  enum?: unknown[];
  const?: unknown;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
}

let root: SchemaNode | undefined;

/** The schema of a place in the project file, or undefined where no key can be. */
export function schemaAt(path: KeyPath): SchemaNode | undefined {
  root ??= projectJsonSchema() as SchemaNode;
  let node: SchemaNode | undefined = root;
  for (const key of path) node = childOf(node, key);
  return node;
}

/** The schema under one key of a table: a named key's own, or the common one of a table with free keys. */
export function childOf(node: SchemaNode | undefined, key: string): SchemaNode | undefined {
  if (node?.properties) return Object.hasOwn(node.properties, key) ? node.properties[key] : undefined;
  return node?.additionalProperties || undefined;
}

/** True for a table whose keys the user chooses, such as `app.env`. */
export function hasFreeKeys(node: SchemaNode | undefined): boolean {
  return Boolean(node?.additionalProperties);
}

/** Every fixed place that holds a value or a table with free keys, in the order of the schema. */
export function schemaLeaves(path: KeyPath = []): { path: KeyPath; node: SchemaNode }[] {
  const node = schemaAt(path);
  if (!node) return [];
  if (!node.properties) return [{ path, node }];
  return Object.keys(node.properties).flatMap((key) => schemaLeaves([...path, key]));
}
