import { readFile, writeFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { parse } from 'smol-toml';
import { expect, test } from 'vitest';
import { projectJsonSchema } from '../../src/project/json-schema.js';
import { projectSchema } from '../../src/project/schema.js';
import { type SchemaNode, schemaAt } from '../../src/project/schema-node.js';

const FILE = new URL('../../templates/project/deploykit.schema.json', import.meta.url);
const text = `${JSON.stringify(projectJsonSchema(), null, 2)}\n`;

test('the schema that is shipped is the one that validates (UPDATE=1 rewrites it)', async () => {
  if (process.env['UPDATE']) await writeFile(FILE, text);
  expect(await readFile(FILE, 'utf8')).toBe(text);
});

test('every key has a description', () => {
  const missing: string[] = [];
  const visit = (node: SchemaNode | undefined, at: string): void => {
    if (!node) return;
    if (at !== '' && !node.description && !at.endsWith('.*')) missing.push(at);
    for (const [key, each] of Object.entries(node.properties ?? {})) visit(each, `${at}${at && '.'}${key}`);
    if (node.additionalProperties) visit(node.additionalProperties, `${at}.*`);
  };
  visit(schemaAt([]), '');
  expect(missing).toEqual([]);
});

test.each([
  ['', true],
  ['name = "x"\n[app]\nmodule = "s1:app"\n[server]\nasync = 100\nprocesses = "auto"\n', true],
  [
    '[server]\nstatic = { "/s" = "static" }\nuwsgi = { "post-buffering" = 8192 }\n[target.web]\nkind = "docker"\n',
    true,
  ],
  ['[server]\nasynch = 1\n', false],
  ['[server]\nasync = 0\n', false],
  ['[server]\nstatic = { s = "static" }\n', false],
  ['[target.web]\nmemory = "1g"\n', false],
  ['[app]\nmodule = "s1"\n', false],
])('editors and deploykit agree on %j', (toml, valid) => {
  const validate = new Ajv({ strict: false }).compile(projectJsonSchema());
  expect(validate(parse(toml))).toBe(valid);
  expect(projectSchema.safeParse(parse(toml)).success).toBe(valid);
});
