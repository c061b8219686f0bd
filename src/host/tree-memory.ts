import { readFile } from 'node:fs/promises';

/**
 * Bytes that a process of this machine and all its descendants hold, shared pages counted once (PSS). Null when the
 * process is gone or the system does not say.
 */
export async function treeMemory(pid: number): Promise<number | null> {
  const own = await proportional(pid);
  if (own === null) return null;
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const children = text.split(' ').filter((child) => child.trim() !== '');
  const parts = await Promise.all(children.map((child) => treeMemory(Number(child))));
  return parts.reduce<number>((sum, part) => sum + (part ?? 0), own);
}

async function proportional(pid: number): Promise<number | null> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  const kib = /^Pss:\s+(\d+) kB$/m.exec(text)?.[1];
  return kib === undefined ? null : Number(kib) * 1024;
}
