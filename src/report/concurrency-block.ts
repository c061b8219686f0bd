import type { BenchResult, Claim, WaveResult } from '../bench/types.js';
import { claimText } from './claim-text.js';
import { counted, milliseconds, whole } from './numbers.js';
import { heading, row } from './rows.js';
import type { Style } from './style.js';
import { waveBars } from './wave-bars.js';

/** Slots asked for and measured, with the waves drawn. */
export function concurrencyBlock({ wave, claim }: BenchResult, width: number, paint: Style): string[] {
  if (wave === null) {
    return [
      ...heading('Concurrency', 'not measured', width, paint),
      ...row('asked for', asked(claim), width, paint),
    ];
  }
  return [
    ...heading('Concurrency', remark(wave), width, paint),
    ...waveBars(wave, width - 2, paint).map((line) => `  ${line}`),
    ...row('asked for', asked(claim), width, paint),
    ...row('measured', measured(wave), width, paint),
    ...row('runs', runsText(wave), width, paint),
  ];
}

function remark(wave: WaveResult): string {
  const where = wave.on === 'user-path' ? wave.path : `${wave.path} of a verification instance`;
  return `${counted(wave.sent, 'request')} at once, ${milliseconds(wave.s0Ms)} each: ${where}`;
}

function asked(claim: Claim): string {
  return `${counted(claim.slots, 'slot')} = ${claimText(claim)}`;
}

function measured(wave: WaveResult): string {
  if (wave.verdict === 'INVALID') return 'nothing: the load generator was the limit';
  const atLeast = wave.verdict === 'INCONCLUSIVE' ? 'at least ' : '';
  return `${atLeast}${whole(wave.effectiveConcurrency)} in service at once`;
}

function runsText({ runs }: WaveResult): string {
  const texts = runs.map(({ waves }) => waves.join(' + ') || 'none answered');
  if (texts.length === 0) return 'none';
  const alike = texts.every((text) => text === texts[0]);
  if (!alike) return texts.map((text) => `[${text}]`).join(' ');
  return texts.length === 1 ? '1' : `${texts.length}, all alike`;
}
