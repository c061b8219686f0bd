import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Argument } from 'commander';
import { expect, it } from 'vitest';
import { VERBS } from '../src/commands/declare.js';
import { globalOptions } from '../src/commands/declared.js';
import { CODES } from '../src/errors.js';
import { projectJsonSchema } from '../src/project/json-schema.js';
import { EVENTS } from '../src/targets/events.js';

const FILE = 'deploy/reference.md';

it('deploy/reference.md lists every verb, flag, setting and error code (UPDATE=1 writes it)', () => {
  const text = [
    '# Reference',
    '',
    'Made from the program itself; a test holds it current.',
    '',
    '## Commands',
    '',
    ...Object.entries(VERBS).flatMap(([name, verb]) => [
      `### \`deploykit ${[name, verb.argument && argumentText(verb.argument)].filter(Boolean).join(' ')}\``,
      '',
      `${sentence(verb.summary)}`,
      '',
      ...verb.options.map((option) => `- \`${option.flags}\`: ${option.description}`),
      '',
    ]),
    '### Every command',
    '',
    'stdout is the answer, stderr what happens meanwhile: a live line on a terminal; elsewhere, and with `--json`, a line a',
    'step, and another each half minute that it takes.',
    '',
    ...globalOptions('').map((option) => `- \`${option.flags}\`: ${option.description}`),
    '',
    '## Events',
    '',
    'What `deploykit events` prints, by the name that stays; in brackets how it is known. A change by deploykit is',
    '`update`, `rollback`, `reload`, `scale` or `down`, with `.began`, `.done`, `.failed` or, when its deploykit was ended in',
    'between, `.cut` [journal]. `--json` gives each as `at`, `event`, `source`, `subject`, `release`, `by`, `message`.',
    'The engine remembers its last 256 events, of all containers; the rest is in the journal, in a volume of the engine,',
    'in the logs and in the state of the containers that are there.',
    '',
    ...Object.entries(EVENTS).map(([name, text]) => `- \`${name}\`: ${text}`),
    '',
    '## Exit codes',
    '',
    '0 ok · 1 the operation failed · 2 usage or project file · 3 something is missing on the machine · 4 differences were found ·',
    '5 another deploykit holds the lock · 6 bench FAIL · 7 INCONCLUSIVE · 8 INVALID · 124 timed out · 130 and 143 interrupted',
    '',
    '## Error codes',
    '',
    '| code | exit | meaning |',
    '|---|---|---|',
    ...Object.entries(CODES).map(([code, { exit, summary }]) => `| \`${code}\` | ${exit} | ${summary} |`),
    '',
    '## Settings of deploykit.toml',
    '',
    ...settings(projectJsonSchema() as Node, ''),
    '',
  ].join('\n');
  if (process.env['UPDATE'] === '1') writeFileSync(FILE, text);
  expect(readFileSync(FILE, 'utf8')).toBe(text);
});

it('every error code is used, and none that is not listed', () => {
  const source = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && file !== 'errors.ts')
    .map((file) => readFileSync(`src/${file}`, 'utf8'))
    .join('\n');
  const used = new Set((source.match(/'DK_[A-Z_]+'/g) ?? []).map((code) => code.slice(1, -1)));
  expect([...used].sort()).toEqual(Object.keys(CODES).sort());
});

function argumentText(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

interface Node {
  description?: string;
  default?: unknown;
  properties?: Record<string, Node>;
  additionalProperties?: Node | boolean;
}

function settings(node: Node, path: string): string[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    const own = path === '' ? key : `${path}.${key}`;
    if (child.properties) return settings(child, own);
    if (typeof child.additionalProperties === 'object' && child.additionalProperties.properties) {
      return settings(child.additionalProperties, `${own}.NAME`);
    }
    const value = child.default === undefined ? '' : ` (default \`${JSON.stringify(child.default)}\`)`;
    return [`- \`${own}\`${value}: ${child.description ?? ''}`];
  });
}

function sentence(text: string): string {
  return `${text[0]?.toUpperCase()}${text.slice(1)}.`;
}
