import type { z } from 'zod';
import { describeNode, describeValue, takesNumber, takesText } from './describe.js';
import { formatKeyPath, type KeyPath } from './key-path.js';
import { type ProjectFile, projectSchema } from './schema.js';
import { type SchemaNode, schemaAt } from './schema-node.js';
import { suggestKey } from './suggestion.js';

/** One mistake in the settings. */
export interface Problem {
  code: 'DK_CONFIG_UNKNOWN_KEY' | 'DK_CONFIG_INVALID';
  path: KeyPath;
  /** One sentence without a full stop. */
  message: string;
  hint?: string | undefined;
}

/** How a message names the place of a value: the key path, or the flag or variable it came from. */
type Subject = (path: KeyPath) => string;

/** Settings against the schema: what they are with defaults filled in, or everything that is wrong with them. */
export function validate(
  table: unknown,
  subject: Subject = formatKeyPath,
): { value: ProjectFile; problems: [] } | { value: null; problems: Problem[] } {
  const result = projectSchema.safeParse(table);
  if (result.success) return { value: result.data, problems: [] };
  const problems = result.error.issues.flatMap((issue) => problemsOf(issue, table, subject));
  return { value: null, problems };
}

function problemsOf(issue: z.core.$ZodIssue, table: unknown, subject: Subject): Problem[] {
  const path = issue.path.filter((key) => typeof key === 'string');
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key));
  if (issue.code === 'invalid_key') return [invalidKey(path, issue.issues[0]?.message)];
  const index = issue.path.find((key) => typeof key === 'number');
  const owner = schemaAt(path);
  const node = index === undefined ? owner : owner?.items;
  const value = issue.path.reduce<unknown>(child, table);
  const where = subject(path) || 'the project file';
  const place = index === undefined ? where : `${where}, item ${index + 1},`;
  const expected = issue.message.startsWith('should ')
    ? issue.message
    : `should be ${describeNode(node ?? {})}`;
  return [
    {
      code: 'DK_CONFIG_INVALID',
      path,
      message: `${place} ${expected}${isSecret(path) ? '' : `, but is ${describeValue(value)}`}`,
      hint: isSecret(path) ? SECRET_HINT : typeHint(node, value),
    },
  ];
}

function unknownKey(section: KeyPath, key: string): Problem {
  return {
    code: 'DK_CONFIG_UNKNOWN_KEY',
    path: [...section, key],
    message:
      section.length === 0 ? `there is no "${key}"` : `[${formatKeyPath(section)}] has no key "${key}"`,
    hint: suggestKey(section, key),
  };
}

function invalidKey(path: KeyPath, reason = 'is not usable'): Problem {
  const section = formatKeyPath(path.slice(0, -1));
  return { code: 'DK_CONFIG_INVALID', path, message: `a name in [${section}], "${path.at(-1)}", ${reason}` };
}

const SECRET_HINT =
  'secrets lists names only, e.g. ["DB_PASSWORD"]; the values come from the environment of `up`.';

/** True where a mistaken value may be a secret, which no message may repeat. */
export function isSecret(path: KeyPath): boolean {
  return formatKeyPath(path.slice(0, 2)) === 'app.secrets';
}

function typeHint(node: SchemaNode | undefined, value: unknown): string | undefined {
  if (typeof value === 'number' && takesText(node) && !takesNumber(node)) return 'Put the value in quotes.';
  if (typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) && takesNumber(node)) {
    return 'Write the number without quotes.';
  }
  return undefined;
}

function child(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<PropertyKey, unknown>)[key]
    : undefined;
}
