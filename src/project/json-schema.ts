import { z } from 'zod';
import { projectSchema } from './schema.js';

/** The project file as JSON Schema (draft 7, which TOML editors read): what `deploykit schema` prints. */
export function projectJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(projectSchema, { io: 'input', target: 'draft-7' });
  return {
    $schema,
    title: 'deploykit.toml',
    description: 'Project file of deploykit: how a Python WSGI project is served by uWSGI.',
    ...schema,
  };
}
