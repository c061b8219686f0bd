import { DeploykitError } from '../errors.js';
import type { TargetKind } from '../plan/types.js';
import type { DeploymentEvent, EventOptions } from '../targets/events.js';
import { runnable, type Session } from './session.js';

const INSTEAD: Record<TargetKind, string> = {
  docker: '',
  process: 'Its log tells of workers: deploykit logs. A docker target keeps a record.',
  systemd: 'A host has both parts of it: /srv/NAME/audit.log of changes, journalctl -u "NAME@*" of the rest.',
};

/** What happened to the deployment. @throws DeploykitError DK_TARGET_UNKNOWN where nobody keeps a record of it. */
export function deploymentEvents(session: Session, options: EventOptions): AsyncIterable<DeploymentEvent> {
  const target = runnable(session);
  const events = target.events?.(options);
  if (events) return events;
  throw new DeploykitError(
    'DK_TARGET_UNKNOWN',
    `the target ${target.name} (${target.kind}) keeps no record of events`,
    { hint: INSTEAD[target.kind] },
  );
}
