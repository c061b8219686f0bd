import { stringify } from 'smol-toml';
import { formatKeyPath, isTable, type KeyPath, parseKeyPath } from './key-path.js';
import { schemaAt } from './schema-node.js';

/** Where the first line of the project file, relative to it, finds the JSON Schema for editors. */
export const SCHEMA_REFERENCE = './.deploykit/deploykit.schema.json';

/** A value to write, and the evidence for it; none when the user gave it. */
export interface InitValue {
  value: unknown;
  why?: string;
}

// Settings worth knowing, in the order they are written; a value here is shown as a comment: a default or an example.
const SHOWN: [key: string, example: unknown][] = [
  ['name', 'app'],
  ['app.module', 'package.module:callable'],
  ['app.dir', '.'],
  ['app.python', '3.11'],
  ['app.requirements', 'requirements.txt'],
  ['app.health', '/'],
  ['app.env', { APP_MODE: 'production' }],
  ['app.env_file', '.env'],
  ['app.secrets', ['SECRET_KEY']],
  ['server.processes', 'auto'],
  ['server.async', 100],
  ['server.threads', 8],
  ['server.bind', '127.0.0.1'],
  ['server.port', 8000],
  ['server.request_timeout', 30],
  ['server.static', { '/static': 'static' }],
  ['image.base', schemaAt(['image', 'base'])?.default],
  ['image.packages', ['libpq']],
  ['front.kind', 'none'],
  ['bench.path', '/'],
];

/**
 * The text of a project file: the given values live, and the settings worth knowing as comments.
 * @param values by dotted key path.
 */
export function renderProjectFile(values: ReadonlyMap<string, InitValue>): string {
  const lines = [
    `#:schema ${SCHEMA_REFERENCE}`,
    '# Project file of deploykit. A line such as "#async = 100" is a default or an example: remove its "#" to set it.',
  ];
  for (const [section, entries] of bySection(values)) {
    if (section !== '') lines.push('', `[${section}]`);
    for (const { path, live, example } of entries) {
      lines.push(
        '',
        ...comments(path, live),
        `${live ? '' : '#'}${pair(path.at(-1) ?? '', live ? live.value : example)}`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

interface Entry {
  path: KeyPath;
  live: InitValue | undefined;
  example: unknown;
}

// Sections in the order of SHOWN, then those that only a given value has.
function bySection(values: ReadonlyMap<string, InitValue>): Map<string, Entry[]> {
  const shown = new Map(SHOWN);
  const sections = new Map<string, Entry[]>();
  for (const key of [...shown.keys(), ...[...values.keys()].filter((each) => !shown.has(each))]) {
    const path = parseKeyPath(key);
    const section = formatKeyPath(path.slice(0, -1));
    const entry = { path, live: values.get(key), example: shown.get(key) };
    // A table cannot be both one line and a section of its own.
    const hasSection = [...values.keys()].some((each) => each.startsWith(`${key}.`));
    if (!hasSection) sections.set(section, [...(sections.get(section) ?? []), entry]);
  }
  return sections;
}

function comments(path: KeyPath, live: InitValue | undefined): string[] {
  const description = schemaAt(path)?.description ?? '';
  const found = live?.why ? `Found: ${live.why}` : '';
  return [description, found]
    .filter((text) => text !== '')
    .map((text) => `# ${text.replace(/\p{Cc}/gu, ' ')}`);
}

// One line also for a table, which smol-toml would write as a section.
function pair(key: string, value: unknown): string {
  if (!isTable(value)) return stringify({ [key]: value }).trim();
  const inner = Object.entries(value).map(([name, each]) => pair(name, each));
  return `${formatKeyPath([key])} = { ${inner.join(', ')} }`;
}
