import type { BenchResult } from '../bench/types.js';
import { healthText } from './health-text.js';
import { latencyText } from './latency-text.js';
import { counted, rate } from './numbers.js';
import { heading, row } from './rows.js';
import type { Style } from './style.js';

/** Latency at a fixed rate: what users wait, beside what a closed loop would show. */
export function openLoopBlock({ openLoop }: BenchResult, width: number, paint: Style): string[] {
  if (openLoop === undefined) return [];
  const { achieved, sent, dropped, latency, service, health, durationMs } = openLoop;
  const remark = `${rate(openLoop.rate)} requests/s for ${rate(durationMs / 1000)} s, whatever the server does`;
  const none = 'no good answer';
  const lost = dropped > 0 ? `, ${counted(dropped, 'arrival')} dropped` : '';
  return [
    ...heading('Open loop', remark, width, paint),
    ...row('reached', `${rate(achieved)} requests/s; ${counted(sent, 'request')} sent${lost}`, width, paint),
    ...row('latency', latency === null ? none : latencyText(latency), width, paint),
    ...row('service', service === null ? none : latencyText(service), width, paint),
    ...row('', 'latency counts from the intended start, service from the actual one', width, paint),
    ...row('generator', healthText(health), width, paint),
  ];
}
