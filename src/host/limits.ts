import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';

/** Bytes an unprivileged user may still write below a folder. */
export async function diskFree(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** The most files a process of this session may open: the hard limit, which Node raises its own to (getrlimit(2)). */
export function mostOpenFiles(text: string = readFileSync('/proc/self/limits', 'utf8')): number {
  const hard = /^Max open files\s+\S+\s+(\S+)/m.exec(text)?.[1];
  return hard === undefined || hard === 'unlimited' ? Number.POSITIVE_INFINITY : Number(hard);
}
