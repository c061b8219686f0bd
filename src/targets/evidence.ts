import type { Plan } from '../plan/types.js';

/** Where the reason for a bad answer is looked for. */
export interface Evidence {
  /** What the instance wrote. */
  log(): Promise<string>;
  /** Runs `questionFor` as the instance runs; resolves to what it prints, nothing when it could not ask. */
  ask(): Promise<string>;
}

/**
 * The command that asks the application for its health path once more, in a process of its own, and prints the
 * exceptions behind the answer. Its working directory must be that of the server.
 * @param folder where the helpers are.
 */
export function questionFor(plan: Plan, venv: string, folder: string): string[] {
  const { module, callable, healthPath, hostHeader } = plan.app;
  return [`${venv}/bin/python`, `${folder}/verify.py`, `${module}:${callable}`, healthPath, hostHeader];
}
