import type { Flags } from './command.js';

/** What `--format` of render and diff may name. */
export const TOOLS = ['compose', 'quadlet'] as const;

/** The tool that `--format` names; lint has a flag of the same name with other words. */
export function toolOf({ format }: Flags): (typeof TOOLS)[number] | undefined {
  return TOOLS.find((tool) => tool === format);
}
