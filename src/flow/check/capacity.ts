import { parseSize, UPLOADS, wholeMegabytes } from '../../plan/placement.js';
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

/**
 * Uploads against the memory of a container, whose /tmp is memory: as many as find room there may take half of it, and
 * the workers need the rest. Nothing where no limit is given.
 */
export function uploadFindings({ front, container, target }: Plan): CheckFinding[] {
  if (!front || !container?.memoryBytes) return [];
  const needed = UPLOADS * parseSize(front.bodyLimit);
  const message = `${UPLOADS} of ${front.bodyLimit} at once take ${inMegabytes(needed)} of a memory of ${inMegabytes(container.memoryBytes)}`;
  if (2 * needed <= container.memoryBytes) return [well('plan', 'uploads', message)];
  const section = `[target.${target.name}]`;
  return [
    {
      severity: 'warning',
      area: 'plan',
      what: 'uploads',
      message: `${message}, which the workers need too: the kernel ends one when it is full`,
      remedy: `Raise ${section} memory to ${wholeMegabytes(2 * needed)}m, lower [front] body_limit, or name a folder of ${section} volumes as TMPDIR in [app.env].`,
    },
  ];
}

function inMegabytes(bytes: number): string {
  return `${wholeMegabytes(bytes)} MB`;
}
