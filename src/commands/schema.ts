import { loadTemplate } from '../host/templates.js';
import { projectJsonSchema } from '../project/json-schema.js';
import { benchSchema } from '../report/bench-schema.js';
import type { Command } from './command.js';

export const command: Command = async ({ flags }) => {
  const schema = flags.bench
    ? benchSchema(loadTemplate('bench/bench-data.schema.json'))
    : projectJsonSchema();
  return { data: schema, text: `${JSON.stringify(schema, null, 2)}\n` };
};
