import { DeploykitError } from '../errors.js';
import type { ReleaseTarget } from '../targets/target.js';
import { runnable, type Session } from './session.js';

/** The session's target, when it keeps releases. @throws DeploykitError DK_TARGET_UNKNOWN for one that does not. */
export function keepsReleases(session: Session): ReleaseTarget {
  const target = runnable(session);
  if ('rollback' in target) return target as ReleaseTarget;
  throw new DeploykitError(
    'DK_TARGET_UNKNOWN',
    `the target ${target.name} (${target.kind}) keeps no releases`,
    {
      hint: 'A systemd target does: [target.NAME] kind = "systemd", hosts = ["user@host"].',
    },
  );
}
