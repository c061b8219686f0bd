import type Docker from 'dockerode';
import type { Plan } from '../../plan/types.js';
import { type Evidence, questionFor } from '../evidence.js';
import { containerLog } from './container.js';
import { exec } from './exec.js';

/** @param lines of the log. */
export function evidenceIn(container: Docker.Container, plan: Plan, lines: number): Evidence {
  const { venv, helpers } = plan.layout;
  return {
    log: () => containerLog(container, lines),
    ask: async () => (await exec(container, questionFor(plan, venv, helpers))).stdout,
  };
}
