import type { Plan } from '../../plan/types.js';
import { type CheckFinding, well } from './finding.js';

/** The listen queue against the slots: a burst as large as the slots has to find room. */
export function backlogFinding(plan: Plan): CheckFinding {
  const { listen, slots } = plan.server;
  const beyond = plan.front ? '; nginx answers 502 to more at once' : '';
  const message = `${listen} waiting for ${slots} slots${beyond}`;
  if (listen >= slots) return well('backlog', 'listen queue', message);
  return {
    severity: 'warning',
    area: 'backlog',
    what: 'listen queue',
    message: `${message}: a burst that the slots could serve is refused before they see it`,
    remedy: `Where the server runs: sysctl -w net.core.somaxconn=${2 * slots}, and leave [server] listen to auto.`,
  };
}
