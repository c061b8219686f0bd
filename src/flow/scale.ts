import { DeploykitError } from '../errors.js';
import type { TargetKind } from '../plan/types.js';
import type { ReleaseTarget, ScaleResult, UpOptions } from '../targets/target.js';
import { runnable, type Session } from './session.js';

// What takes the place of replicas where there are none.
const INSTEAD: Record<TargetKind, string> = {
  docker: '',
  process: 'It is one server; let it have more workers: deploykit up --processes N.',
  systemd: 'It is one service a host: more workers with [server] processes, or more hosts in [target.NAME].',
};

/**
 * Makes the replicas that serve so many.
 * @returns with `later`: what the next `up` makes of it.
 * @throws DeploykitError DK_SCALE where there are no replicas; as ReleaseTarget.scale.
 */
export async function scale(
  session: Session,
  replicas: number,
  options: UpOptions,
): Promise<ScaleResult & { later: string }> {
  const target = runnable(session);
  if (!('scale' in target)) {
    throw new DeploykitError('DK_SCALE', `the target ${target.name} (${target.kind}) has no replicas`, {
      hint: INSTEAD[target.kind],
    });
  }
  const { scale: scaleTo } = target as Required<Pick<ReleaseTarget, 'scale'>>;
  const result = await scaleTo.call(target, replicas, options);
  return { ...result, later: afterwards(session, replicas) };
}

function afterwards({ loaded, choice }: Session, replicas: number): string {
  const asked = loaded.project.target[choice.name]?.replicas;
  const file = `[target.${choice.name}] replicas`;
  if (asked === undefined) return `the next up keeps them: the project file says nothing of ${file}`;
  if (asked === replicas) return `the next up keeps them: ${file} = ${asked}`;
  return `the next up goes back to ${file} = ${asked}; write ${replicas} there to keep them`;
}
