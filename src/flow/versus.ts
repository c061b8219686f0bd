import { DeploykitError } from '../errors.js';
import type { Topology } from '../plan/types.js';

/** What a running deployment is compared with. */
export type Versus =
  | { kind: 'shape'; label: string; topology: Topology; perProcess: number | null }
  | { kind: 'release'; label: string; id: string }
  | { kind: 'target'; label: string; name: string }
  | { kind: 'saved'; label: string; file: string };

const SHAPE = /^(sync|threads|gevent)(?::(\d{1,5}))?$/;
const MOST: Record<Topology, number> = { sync: 1, threads: 1024, gevent: 10_000 };

/**
 * Reads what `--vs` names: `sync`, `threads`, `gevent`, `threads:8`, `release:ID` or `FILE.json`.
 * @throws DeploykitError DK_USAGE.
 */
export function parseVersus(text: string): Versus {
  const [, topology, count] = SHAPE.exec(text) ?? [];
  if (topology !== undefined) return shape(text, topology as Topology, count);
  const [, id] = /^release:([0-9a-f]{6,})$/.exec(text) ?? [];
  if (id !== undefined) return { kind: 'release', label: `release ${id}`, id };
  if (/\.json$/i.test(text)) return { kind: 'saved', label: text.replace(/^.*\//, ''), file: text };
  throw new DeploykitError('DK_USAGE', `--vs ${text} names nothing to compare with`, {
    hint: 'A shape (sync, threads, gevent, threads:8), release:ID (see deploykit releases), or the FILE.json of an earlier bench --json. Another target: --vs-target NAME.',
  });
}

function shape(text: string, topology: Topology, count: string | undefined): Versus {
  const perProcess = count === undefined ? null : Number(count);
  const least = topology === 'sync' ? 1 : 2;
  if (perProcess !== null && (perProcess < least || perProcess > MOST[topology])) {
    throw new DeploykitError('DK_USAGE', `--vs ${text}: a process has ${least} to ${MOST[topology]} of them`);
  }
  return { kind: 'shape', label: text, topology, perProcess };
}
