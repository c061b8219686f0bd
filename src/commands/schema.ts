import { projectJsonSchema } from '../project/json-schema.js';
import type { Command } from './command.js';

export const command: Command = async () => {
  const schema = projectJsonSchema();
  return { data: schema, text: `${JSON.stringify(schema, null, 2)}\n` };
};
