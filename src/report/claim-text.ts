import type { Claim } from '../bench/types.js';
import { counted } from './numbers.js';

/** `2 processes × 100 greenlets` */
export function claimText({ topology, processes, perProcess }: Claim): string {
  const workers = counted(processes, 'process', 'processes');
  if (topology === 'sync') return `${workers}, one request each`;
  return `${workers} × ${topology === 'gevent' ? counted(perProcess, 'greenlet') : counted(perProcess, 'thread')}`;
}
