/**
 * The JSON Schema (draft 7) of the document `deploykit bench --json` prints.
 * @param dataSchema text of `templates/bench/bench-data.schema.json`, which is made from the result types.
 */
export function benchSchema(dataSchema: string): Record<string, unknown> {
  const { definitions, ...data } = JSON.parse(dataSchema) as Record<string, unknown>;
  const error = {
    description: 'Why the exit code is not 0; of a bench that was measured, its verdict.',
    type: 'object',
    properties: { code: { type: 'string' }, message: { type: 'string' } },
    required: ['code', 'message'],
  };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'deploykit bench --json',
    type: 'object',
    properties: {
      schemaVersion: { const: 1 },
      command: { const: 'bench' },
      ok: { description: 'Whether the verdict and every expectation is PASS.', type: 'boolean' },
      data: { anyOf: [{ type: 'null' }, data] },
      warnings: { type: 'array', items: { type: 'string' } },
      error,
    },
    required: ['schemaVersion', 'command', 'ok', 'data', 'warnings'],
    definitions,
  };
}
