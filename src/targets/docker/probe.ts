import type { Plan } from '../../plan/types.js';

/** The command that asks a server, in its own container; its verbs stand in templates/python/probe.py. */
export function probe({ layout }: Pick<Plan, 'layout'>, ...argv: string[]): string[] {
  return [`${layout.venv}/bin/python`, `${layout.helpers}/probe.py`, ...argv];
}
