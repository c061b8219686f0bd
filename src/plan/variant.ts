import type { Setting } from './types.js';

/**
 * The settings of a second instance of the same server: another address, another run folder, and, for bench, another
 * module. Everything that decides its concurrency stays as it is.
 */
export function variantSettings(
  settings: readonly Setting[],
  change: { httpSocket: string; run: string; module?: string; pythonpath?: string },
): Setting[] {
  const changed = settings.map(([option, value]): Setting => {
    if (option === 'http-socket') return [option, change.httpSocket];
    if (option === 'stats') return [option, `${change.run}/stats.sock`];
    if (option === 'master-fifo') return [option, `${change.run}/master.fifo`];
    if (option === 'module' && change.module) return [option, change.module];
    return [option, value];
  });
  return change.pythonpath ? [...changed, ['pythonpath', change.pythonpath]] : changed;
}
