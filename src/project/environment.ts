import { closest } from '../closest.js';
import { DeploykitError } from '../errors.js';
import { coerce } from './coerce.js';
import { formatKeyPath } from './key-path.js';
import type { Leaves } from './leaves.js';
import { hasFreeKeys, schemaLeaves } from './schema-node.js';

const PREFIX = 'DEPLOYKIT_';

/** Variables deploykit reads elsewhere, or sets for what it starts: none of them is a setting of the project. */
const NOT_SETTINGS: ReadonlySet<string> = new Set([
  'DEPLOYKIT_APP',
  'DEPLOYKIT_CACHE',
  'DEPLOYKIT_COLOR',
  'DEPLOYKIT_CONFIG',
  'DEPLOYKIT_DOCKER_HOST',
  'DEPLOYKIT_NO_INPUT',
  'DEPLOYKIT_PROJECT_DIR',
  'DEPLOYKIT_REQUIRE',
  'DEPLOYKIT_TARGET',
]);

/**
 * What the environment sets: DEPLOYKIT_SERVER_ASYNC is server.async. An empty variable counts as not set. Tables with
 * free keys (app.env, target) have no variable, because the name would not tell where the key begins.
 * @throws DeploykitError DK_CONFIG_INVALID for a variable that begins like a section and is no setting.
 */
export function environmentLeaves(env: NodeJS.ProcessEnv): Leaves {
  const settings = schemaLeaves().filter(({ node }) => !hasFreeKeys(node));
  const paths = new Map(settings.map(({ path }) => [variableName(path), path]));
  const leaves: Leaves = new Map();
  for (const name of Object.keys(env).sort()) {
    const text = env[name];
    if (!name.startsWith(PREFIX) || NOT_SETTINGS.has(name) || text === undefined || text === '') continue;
    const path = paths.get(name);
    if (!path) {
      refuseUnknown(name, [...paths.keys()]);
      continue;
    }
    const origin = { kind: 'environment' as const, detail: `$${name}` };
    leaves.set(formatKeyPath(path), { path, value: coerce(text, path), origin });
  }
  return leaves;
}

function variableName(path: readonly string[]): string {
  return PREFIX + path.join('_').toUpperCase();
}

function refuseUnknown(name: string, known: string[]): void {
  const sections = new Set(schemaLeaves().map(({ path }) => path[0] ?? ''));
  const section = [...sections].find((each) => name.startsWith(`${variableName([each])}_`));
  if (section === undefined) return;
  // Compared without what all names of the section share: a long common prefix makes any two names look alike.
  const prefix = `${variableName([section])}_`;
  const keys = known.filter((each) => each.startsWith(prefix)).map((each) => each.slice(prefix.length));
  const near = closest(name.slice(prefix.length), keys);
  throw new DeploykitError('DK_CONFIG_INVALID', `the variable $${name} is no setting of [${section}]`, {
    hint: near
      ? `Did you mean $${prefix}${near}?`
      : 'Write the setting in the project file (tables have no variables), or unset the variable.',
  });
}
