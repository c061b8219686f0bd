import { isTable } from './key-path.js';
import type { SchemaNode } from './schema-node.js';

/** What a schema expects, in words that finish "should be …": `a whole number from 1 to 10000`. */
export function describeNode(node: SchemaNode): string {
  if (node.anyOf) return node.anyOf.map(describeNode).join(' or ');
  if (node.enum) return `one of ${node.enum.map((value) => JSON.stringify(value)).join(', ')}`;
  if (node.const !== undefined) return JSON.stringify(node.const);
  switch (node.type) {
    case 'integer':
      return `a whole number${describeRange(node)}`;
    case 'number':
      return `a number${describeRange(node)}`;
    case 'boolean':
      return 'true or false';
    case 'array':
      return `a list of ${node.items?.type === 'string' ? 'text' : 'values'}`;
    case 'object':
      return 'a table';
    default:
      return 'text';
  }
}

/** A value and its type, in words that finish "but is …"; never the contents of a table or list. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return 'a list';
  if (isTable(value)) return 'a table';
  if (value instanceof Date) return 'a date';
  return `${clip(JSON.stringify(value) ?? String(value))} (${typeName(value)})`;
}

/** True when the schema takes numbers. */
export function takesNumber(node: SchemaNode | undefined): boolean {
  if (node?.anyOf) return node.anyOf.some(takesNumber);
  return node?.type === 'integer' || node?.type === 'number';
}

/** True when the schema takes any text of some form, not only certain words. */
export function takesText(node: SchemaNode | undefined): boolean {
  if (node?.anyOf) return node.anyOf.some(takesText);
  return node?.type === 'string' && node.enum === undefined && node.const === undefined;
}

function describeRange({ minimum, exclusiveMinimum, maximum }: SchemaNode): string {
  const upper = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? maximum : undefined;
  if (exclusiveMinimum !== undefined)
    return ` above ${exclusiveMinimum}${upper === undefined ? '' : `, up to ${upper}`}`;
  if (minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER) {
    return upper === undefined ? ` of at least ${minimum}` : ` from ${minimum} to ${upper}`;
  }
  return upper === undefined ? '' : ` of at most ${upper}`;
}

function typeName(value: unknown): string {
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return Number.isInteger(value) ? 'whole number' : 'number';
  return typeof value;
}

function clip(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
