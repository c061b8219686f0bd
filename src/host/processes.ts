import { readFile } from 'node:fs/promises';

/** A process by id and start time: an id alone is reused. */
export interface ProcessIdentity {
  pid: number;
  /** Clock ticks after boot (proc(5), stat field 22); null where there is no /proc. */
  startTime: string | null;
}

/** The identity of a running process, or null when there is none. */
export async function identify(pid: number): Promise<ProcessIdentity | null> {
  if (!signalReaches(pid)) return null;
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return null;
    throw error;
  });
  if (stat === null) return { pid, startTime: null };
  // The command name stands in parentheses and may hold blanks: fields are counted after the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z') return null;
  return { pid, startTime: fields[19] ?? null };
}

/** Whether that very process still runs. */
export async function isAlive(known: ProcessIdentity): Promise<boolean> {
  const now = await identify(known.pid);
  return now !== null && (known.startTime === null || now.startTime === known.startTime);
}

function signalReaches(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
