import { DeploykitError } from '../errors.js';
import { isPortTaken } from '../host/ports.js';
import type { Project } from '../project/types.js';
import type { CheckRow } from './target.js';

export const LEAST_DISK = 1024 ** 3;
export const LEAST_MEMORY = 256 * 1024 ** 2;

/** A row that says how to mend it only where that is needed. */
export function checkRow(
  host: string,
  what: string,
  ok: boolean,
  value: string,
  hint: string,
  severity: 'error' | 'warning' = 'error',
): CheckRow {
  return { host, what, ok, severity, value, hint: ok ? null : hint };
}

/** What holds where a step of `up` finds what it needs, and else the error that it would end with. */
export async function rowOfStep(host: string, what: string, value: () => Promise<string>): Promise<CheckRow> {
  try {
    return checkRow(host, what, true, await value(), '');
  } catch (error) {
    if (!(error instanceof DeploykitError) || error.code === 'DK_INTERRUPTED') throw error;
    return { host, what, ok: false, value: error.message, hint: error.details.hint ?? null };
  }
}

export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 ** 2)} MB`;
}

/** The public port on this machine; `own` is the one that the deployment itself has now. */
export async function portRow({ server }: Project, own: number | null): Promise<CheckRow> {
  if (server.port === 0) return checkRow('', 'port', true, 'a free one is picked', '');
  if (server.port === own) return checkRow('', 'port', true, `${server.port}, ours`, '');
  const taken = await isPortTaken(server.bind, server.port);
  const hint = 'Stop what listens there, or choose another [server] port; 0 picks a free one.';
  return checkRow('', 'port', !taken, `${server.port} is ${taken ? 'taken' : 'free'}`, hint);
}
