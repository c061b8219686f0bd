import { takesNumber } from './describe.js';
import type { KeyPath } from './key-path.js';
import { schemaAt } from './schema-node.js';

/**
 * Text from a flag or a variable as the value the schema wants there: digits become a number, a list is split at commas
 * and blanks. Anything else is left for validation to judge.
 */
export function coerce(value: unknown, path: KeyPath): unknown {
  if (typeof value !== 'string') return value;
  const node = schemaAt(path);
  if (node?.type === 'array') return value.split(/[\s,]+/).filter((item) => item !== '');
  if (takesNumber(node) && /^[+-]?\d+(\.\d+)?$/.test(value.trim())) return Number(value);
  return value;
}
